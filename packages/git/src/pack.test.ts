import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder, makeRepository } from '../test/scratch.js';
import { hashObject } from './object-id.js';
import { indexPack, packObjects } from './pack.js';

test('makes the same index of a pack as git does', () => {
  const sizes = [0, 1, 15, 16, 2047, 2048, 300_000];
  const objects = sizes.map((size) => {
    const content = randomBytes(size);
    return { oid: hashObject('blob', content), type: 'blob' as const, content };
  });
  const pieces: Buffer[] = [];
  const packing = packObjects(objects);
  let next = packing.next();
  for (; next.done !== true; next = packing.next()) pieces.push(next.value);
  const pack = Buffer.concat(pieces);
  expect(next.value.checksum).toEqual(createHash('sha1').update(pack.subarray(0, -20)).digest());

  const folder = makeFolder();
  writeFileSync(join(folder, 'x.pack'), pack);
  execFileSync('git', ['index-pack', join(folder, 'x.pack')], { cwd: makeRepository() });
  const index = indexPack(next.value.entries, next.value.checksum);
  expect(index.equals(readFileSync(join(folder, 'x.idx')))).toBe(true);
});
