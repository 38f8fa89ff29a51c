import { expect, test } from 'vitest';
import { compareManifest } from './compare-manifest.js';
import type { ManifestEntry } from './manifest.js';

function entry(oid: string, mode: ManifestEntry['mode'] = '100644'): ManifestEntry {
  return { source: 'x', oid, sha256: '', mode };
}

const files = new Map([
  ['docs/same', entry('1')],
  ['docs/z-missing', entry('2')],
  ['docs/missing', entry('3')],
  ['docs/modified', entry('4')],
  ['docs/mode', entry('5')],
  ['docs/both', entry('6')],
]);

const target = new Map([
  ['docs/same', { oid: '1', mode: '100644' }],
  ['docs/modified', { oid: '44', mode: '100644' }],
  ['docs/mode', { oid: '5', mode: '100755' }],
  ['docs/both', { oid: '66', mode: '120000' }],
  ['docs/new', { oid: '7', mode: '100644' }],
  ['README.md', { oid: '8', mode: '100644' }],
]);

test('tells missing, modified, changed in mode, and unexpected', () => {
  expect(compareManifest({ files }, target, { within: 'docs/' })).toEqual({
    missing: ['docs/missing', 'docs/z-missing'],
    modified: [
      {
        path: 'docs/both',
        expected: { oid: '6', mode: '100644' },
        actual: { oid: '66', mode: '120000' },
      },
      {
        path: 'docs/modified',
        expected: { oid: '4', mode: '100644' },
        actual: { oid: '44', mode: '100644' },
      },
    ],
    modeChanged: [
      {
        path: 'docs/mode',
        expected: { oid: '5', mode: '100644' },
        actual: { oid: '5', mode: '100755' },
      },
    ],
    unexpected: ['docs/new'],
  });
});

test('without a folder, whatever is given counts', () => {
  expect(compareManifest({ files }, target).unexpected).toEqual(['README.md', 'docs/new']);
});

test('a target as the manifest says differs in nothing', () => {
  expect(compareManifest({ files }, files)).toEqual({
    missing: [],
    modified: [],
    modeChanged: [],
    unexpected: [],
  });
});
