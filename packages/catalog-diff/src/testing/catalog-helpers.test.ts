import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { StateStore, type IntendedCatalog, type LiveCatalog } from '../snapshots/index.js';
import {
  assertCatalogsMatch,
  diffCatalogs,
  loadDescriptors,
  loadIntended,
  loadLive,
} from './index.js';

const inputSchema = { type: 'object' };
const intended: IntendedCatalog = {
  schemaVersion: 1,
  kind: 'intended-catalog',
  descriptors: null,
  tools: [
    { server: 's', name: 'a', inputSchema },
    { server: 'down', name: 'b', inputSchema },
  ],
  hidden: [],
  disabled: [],
};
const live: LiveCatalog = {
  schemaVersion: 1,
  kind: 'live-catalog',
  writtenAt: '2026-01-01T00:00:00Z',
  servers: [
    { name: 's', health: 'up' },
    { name: 'down', health: 'timeout' },
  ],
  tools: [{ server: 's', name: 'a', inputSchema }],
};

let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'catalog-testing-'));
  const store = new StateStore({ directory: home, now: () => new Date(0) });
  await store.write('intended-catalog', intended);
  await store.write('live-catalog', live);
});
afterAll(() => rmSync(home, { recursive: true }));

it('loads what is there, and says what writes what is not', async () => {
  expect(await loadIntended(home)).toEqual(intended);
  expect(await loadLive(home)).toEqual(live);
  await expect(loadDescriptors(home)).rejects.toMatchObject({
    code: 'missing',
    hint: 'catalog capture writes it',
  });
});

it('compares, with causes', () => {
  expect(diffCatalogs(intended, live).tools[0]).toEqual({
    server: 'down',
    name: 'b',
    change: 'removed',
    cause: { kind: 'health', message: 'the server down did not answer in time' },
  });
  expect(() => diffCatalogs({}, live)).toThrow(TypeError);
});

it('fails with the summary, or passes', async () => {
  await expect(assertCatalogsMatch(home)).rejects.toThrow(
    'Breaks: 1 of 2 tools (1 removed). Every call of down/b fails: the server down did not answer in time.',
  );
  expect(() => assertCatalogsMatch(intended, live)).toThrow(
    'because the server down did not answer in time',
  );
  assertCatalogsMatch(intended, { ...live, tools: intended.tools });
});
