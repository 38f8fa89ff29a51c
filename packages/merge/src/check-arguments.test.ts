import { expect, test } from 'vitest';
import {
  applyDiff,
  diff,
  findConflictMarkers,
  findRenames,
  formatUnified,
  groupHunks,
  merge3,
  mergeEntry,
  MergeError,
  mergeJson,
  mergeTree,
} from './index.js';
import { mergeYaml } from './yaml/index.js';

/** As from JavaScript: any function with any arguments. */
type Loose = (...args: unknown[]) => unknown;

const texts = { base: 'a\n', ours: 'b\n', theirs: 'c\n' };
const trees = { base: new Map(), ours: new Map(), theirs: new Map() };

test.each<[string, unknown, unknown[], string, string]>([
  [
    'merge3',
    merge3,
    ['a', 'b', 'c'],
    'sides',
    'sides must be an object { base, ours, theirs }, got "a"',
  ],
  ['merge3', merge3, [undefined], 'sides', 'sides must be an object'],
  [
    'merge3',
    merge3,
    [{ base: 'a', ours: 'b' }],
    'sides.theirs',
    'sides.theirs must be a string or a Uint8Array, got undefined',
  ],
  ['merge3', merge3, [{ ...texts, base: [1] }], 'sides.base', 'got an array'],
  ['merge3', merge3, [texts, { style: 'both' }], 'style', "style must be 'merge', "],
  ['merge3', merge3, [texts, null], 'options', 'options must be an object, got null'],
  ['mergeJson', mergeJson, ['{}', '{}', '{}'], 'sides', 'sides must be an object'],
  [
    'mergeJson',
    mergeJson,
    [texts, { identityKeys: 'id' }],
    'identityKeys',
    'identityKeys must be an array of names, got "id"',
  ],
  ['mergeYaml', mergeYaml, [{ ...texts, ours: 1 }], 'sides.ours', 'got 1'],
  ['mergeYaml', mergeYaml, [texts, { documentKeys: [1] }], 'documentKeys', 'an array of names'],
  [
    'mergeEntry',
    mergeEntry,
    [{ base: undefined, ours: { mode: '644', content: new Uint8Array() }, theirs: undefined }],
    'sides.ours',
    'its mode one of 100644, 100755, 120000, 160000',
  ],
  ['mergeEntry', mergeEntry, [trees, {}], 'sides.base', 'got a Map'],
  ['mergeTree', mergeTree, [{ ...trees, ours: {} }], 'sides.ours', 'a Map of files by path'],
  [
    'mergeTree',
    mergeTree,
    [{ ...trees, ours: new Map([['a', 'text']]) }],
    'sides.ours at "a"',
    'got "text"',
  ],
  ['mergeTree', mergeTree, [trees, { favor: 'mine' }], 'favor', 'got "mine"'],
  [
    'mergeTree',
    mergeTree,
    [trees, { renames: { similarity: 50 } }],
    'similarity',
    'similarity must be a number from 0 to 1, got 50',
  ],
  ['findRenames', findRenames, [[], new Map()], 'base', 'got an array'],
  ['diff', diff, ['a'], 'b', 'b must be a string or a Uint8Array, got undefined'],
  ['diff', diff, ['a', 'b', { algorithm: 'patience' }], 'algorithm', 'got "patience"'],
  ['applyDiff', applyDiff, ['a', 'b'], 'edits', 'an array of edits, as `diff` gives them'],
  ['groupHunks', groupHunks, [[], { lines: -1 }], 'lines', 'a whole number of 0 or more, got -1'],
  ['formatUnified', formatUnified, ['a', 'b', { context: '3' }], 'context', 'got "3"'],
  ['formatUnified', formatUnified, ['a', 'b', { labels: { a: 'x\ny' } }], 'labels.a', 'one line'],
  ['findConflictMarkers', findConflictMarkers, [null], 'content', 'got null'],
  [
    'findConflictMarkers',
    findConflictMarkers,
    ['', { markerSize: 0 }],
    'markerSize',
    'markerSize must be a positive integer, got 0',
  ],
])('%s says what it expects, of whom: %#', (_, run, args, place, message) => {
  let error: unknown;
  try {
    (run as Loose)(...args);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(MergeError);
  const { code, data, message: said } = error as MergeError;
  expect(said).toContain(message);
  const named = code === 'invalid-option' ? data['option'] : data['argument'];
  expect(named).toBe(place);
});
