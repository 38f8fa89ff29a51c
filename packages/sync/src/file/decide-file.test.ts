import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideFile } from './decide-file.js';
import type { FilePolicy, FileSides } from './decide-file.js';

const a = { oid: 'a', mode: '100644' } as const;
const b = { oid: 'b', mode: '100644' } as const;
const c = { oid: 'c', mode: '100644' } as const;
const d = { oid: 'd', mode: '100644' } as const;
const policy: FilePolicy = {
  onDrift: 'merge',
  onExisting: 'adopt',
  recreate: 'next_release',
  newRelease: true,
};

test.each<[string, FileSides, object]>([
  ['is new', { upstream: a }, { kind: 'take', as: 'added' }],
  ['was there already', { upstream: a, current: a }, { kind: 'adopt' }],
  ['is of unknown origin', { upstream: a, current: b }, { kind: 'search-base' }],
  ['is as delivered', { upstream: a, base: a, recorded: a, current: a }, { kind: 'unchanged' }],
  [
    'changed upstream',
    { upstream: b, base: a, recorded: a, current: a },
    { kind: 'take', as: 'updated' },
  ],
  [
    'changed downstream',
    { upstream: a, base: a, recorded: a, current: b },
    { kind: 'keep', as: 'customised' },
  ],
  [
    'changed on both sides',
    { upstream: b, base: a, recorded: a, current: c },
    { kind: 'merge', ours: 'current' },
  ],
  ['changed alike', { upstream: b, base: a, recorded: a, current: b }, { kind: 'adopt' }],
  [
    'was merged before',
    { upstream: b, base: a, recorded: c, current: c },
    { kind: 'merge', ours: 'current' },
  ],
  [
    'was merged, and upstream rests',
    { upstream: a, base: a, recorded: c, current: c },
    { kind: 'keep', as: 'customised' },
  ],
  ['was withdrawn', { base: a, recorded: a, current: a }, { kind: 'remove' }],
  ['was withdrawn and changed', { base: a, recorded: a, current: b }, { kind: 'modify-delete' }],
  ['was withdrawn and deleted', { base: a, recorded: a }, { kind: 'forget' }],
  [
    'has an override',
    { upstream: b, base: a, recorded: a, current: a, override: c },
    { kind: 'merge', ours: 'override' },
  ],
  [
    'has an override, and upstream rests',
    { upstream: a, base: a, recorded: a, current: a, override: c },
    { kind: 'take-override' },
  ],
  [
    'has an override and an edit',
    { upstream: b, base: a, recorded: a, current: c, override: d },
    { kind: 'merge', ours: 'both' },
  ],
  [
    'lost its override',
    { upstream: a, base: a, recorded: c, current: c, overridden: true },
    { kind: 'take', as: 'updated' },
  ],
  [
    'is in conflict',
    { upstream: b, base: b, recorded: c, current: c, conflict: true },
    { kind: 'unresolved' },
  ],
  [
    'was in conflict',
    { upstream: b, base: b, recorded: c, current: d, conflict: true },
    { kind: 'inspect-conflict' },
  ],
])('a file that %s', (_, sides, decision) => {
  expect(decideFile(sides, policy)).toEqual(decision);
});

const entry = fc.constantFrom(undefined, a, b, c);
const anySides = fc
  .record({
    upstream: entry,
    base: entry,
    recorded: entry,
    current: entry,
    override: entry,
    conflict: fc.boolean(),
  })
  .map((sides) => {
    // A record has a base, and the other way round.
    const { recorded = sides.base, base = sides.recorded } = sides;
    const known = Object.entries({ ...sides, recorded, base }).filter(([, side]) => side);
    return Object.fromEntries(known) as FileSides;
  });

test('what the downstream changed is only ever replaced where the rule says so', () => {
  fc.assert(
    fc.property(anySides, (sides) => {
      const { upstream, current, base, recorded, override, overridden } = sides;
      const changedHere =
        current && current !== base && current !== upstream && current !== override;
      if (!changedHere || overridden) return;
      const { kind } = decideFile(sides, policy);
      expect(['take', 'take-override', 'remove', 'adopt']).not.toContain(
        // A file as the last sync left it, whose override is the only change, follows the override.
        kind === 'take-override' && current === recorded ? 'keep' : kind,
      );
    }),
  );
});
