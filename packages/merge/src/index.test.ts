import { expect, test } from 'vitest';
import * as merge from './index.js';
import * as yaml from './yaml/index.js';

test('exports', () => {
  expect(Object.keys(merge).sort()).toEqual([
    'MergeError',
    'applyDiff',
    'diff',
    'findConflictMarkers',
    'findRenames',
    'formatUnified',
    'groupHunks',
    'merge3',
    'mergeEntry',
    'mergeJson',
    'mergeTree',
  ]);
  expect(Object.keys(yaml)).toEqual(['mergeYaml']);
});
