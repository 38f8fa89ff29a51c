import { expect, test } from 'vitest';
import * as library from './index.js';

test('exports', () => {
  expect(Object.keys(library).sort()).toMatchInlineSnapshot(`
    [
      "applyEdits",
      "checkPath",
      "compareText",
      "composeMaps",
      "decodeText",
      "digestOf",
      "encodeText",
      "findPathCollisions",
      "foldersOf",
      "formatPointer",
      "hashBlob",
      "hashSha256",
      "indexLines",
      "lineEndingOf",
      "mapEdits",
      "mapToSource",
      "parsePointer",
      "readJson",
      "readYaml",
      "sortEdits",
    ]
  `);
});
