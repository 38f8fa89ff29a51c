import { afterEach, beforeEach, expect, test } from 'vitest';
import { resolveConflict, syncFleet } from '../src/index.js';
import type { Decision, TargetFolder } from '../src/index.js';
import { createWorld } from './world.js';
import type { RuleText, World } from './world.js';

const target = 'org/webapp';
const rule: RuleText = { id: 'webapp' };
const text = (first: string, last: string) => `${first}\n1\n2\n3\n4\n5\n6\n${last}\n`;

let world: World;
beforeEach(() => {
  world = createWorld();
  world.addTarget(target);
});
afterEach(() => world.close());

async function deliver() {
  await syncFleet(world.fleet([rule]));
  const forge = await world.forge(target);
  for (const { id, headCommit: expectedHead } of await forge.listOpen())
    await forge.merge(id, { method: 'merge', expectedHead });
}

function folderOf(files: ReadonlyMap<string, Uint8Array>): TargetFolder {
  return {
    list: async (folder) => [...files.keys()].filter((path) => path.startsWith(folder)),
    read: async (path) => files.get(path),
  };
}

/** Decides, and dies after so many files are written; the whole of it otherwise. */
async function resolveUntil(
  files: Map<string, Uint8Array>,
  take: Decision['take'],
  writes = Number.POSITIVE_INFINITY,
): Promise<number> {
  const { changes } = await resolveConflict(folderOf(files), 'docs/a.md', {
    take,
    decision: 'as we want it',
    resolvedBy: 'Ada',
    date: new Date('2026-06-01T12:00:00Z'),
    namespace: 'agent33',
  });
  for (const change of changes.slice(0, writes)) {
    if ('remove' in change) files.delete(change.path);
    else if ('content' in change) files.set(change.path, change.content);
  }
  return changes.length;
}

test.each([
  ['ours', 'an edit', { 'docs/a.md': text('mine', 'mine too') }],
  ['theirs', 'an edit', { 'docs/a.md': text('mine', 'mine too') }],
  ['ours', 'an override', { '.agent33-overrides/docs/a.md': text('mine', 'mine too') }],
  ['theirs', 'an override', { '.agent33-overrides/docs/a.md': text('mine', 'mine too') }],
  ['theirs', 'a file that upstream withdrew', { 'docs/a.md': text('mine', 'mine too') }],
] as const)(
  'a resolve that takes %s of %s, killed anywhere, is finished by a rerun',
  async (take, what, change) => {
    world.release('v1.0.0', { 'core/a.md': text('start', 'end'), 'core/b.md': 'B\n' });
    await deliver();
    world.commit(target, change);
    const withdrawn = what.includes('withdrew');
    world.release('v1.1.0', { 'core/a.md': withdrawn ? null : text('theirs', 'end') });
    await deliver();
    const start = new Map(
      Object.entries(world.files(target)).map(([path, content]) => [path, Buffer.from(content)]),
    );
    const whole = new Map<string, Uint8Array>(start);
    const steps = await resolveUntil(whole, take);
    const log = Buffer.from(whole.get('DECISIONS.md') ?? []).toString();
    expect(log.match(/conflict_resolution/g)).toHaveLength(1);
    for (let writes = 0; writes < steps; writes++) {
      const files = new Map<string, Uint8Array>(start);
      await resolveUntil(files, take, writes);
      if (writes > 0) expect(files.has('DECISIONS.md')).toBe(true);
      const gone = !files.has('docs/a.md');
      if (!gone) await resolveUntil(files, take);
      const told = Object.fromEntries(
        [...files].map(([path, content]) => [path, Buffer.from(content).toString()]),
      );
      const wanted = Object.fromEntries(
        [...whole].map(([path, content]) => [path, Buffer.from(content).toString()]),
      );
      // A file that is gone is decided by that; the next sync takes it off the manifest.
      if (gone) delete told['.agent33-sync-state/webapp/manifest.json'];
      if (gone) delete wanted['.agent33-sync-state/webapp/manifest.json'];
      expect([writes, told]).toEqual([writes, wanted]);
    }
  },
);
