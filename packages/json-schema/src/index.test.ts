import { expect, test } from 'vitest';
import * as library from './index.js';
import * as uris from './uris.js';

test('exports', () => {
  expect(Object.keys(uris).sort()).toEqual([
    'dialectOf',
    'findReferences',
    'metaSchemaUris',
    'withAbsoluteId',
  ]);
  expect(Object.keys(library).sort()).toMatchInlineSnapshot(`
    [
      "createSchemaCompiler",
      "dialectOf",
      "findReferences",
      "metaSchemaUris",
      "rangesOfProperty",
      "withAbsoluteId",
    ]
  `);
});
