import { expect, test } from 'vitest';

import * as forge from './index.js';

test('what the package exports', () => {
  expect(Object.keys(forge).sort()).toEqual([
    'ForgeError',
    'createEmbeddedForge',
    'findOwners',
    'fitBody',
    'fitRequest',
    'neutralizeReferences',
    'ownersFileLimit',
    'ownersPlaces',
  ]);
});
