import { expect, test } from 'vitest';
import * as schemas from './index.js';

test('what the package exports', () => {
  expect(Object.keys(schemas).sort()).toEqual([
    'SchemaError',
    'compareWithExtraction',
    'compareWithSources',
    'extractFromTexts',
    'extractSchemas',
  ]);
});
