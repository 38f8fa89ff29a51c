import { expect, test } from 'vitest';

import * as forge from './index.js';

test('what the package exports', () => {
  expect(Object.keys(forge).sort()).toEqual([
    'ForgeError',
    'createAnswerCache',
    'createEmbeddedForge',
    'createHostGate',
    'createServerClient',
    'defaultApiUrl',
    'findOwners',
    'fitBody',
    'fitRequest',
    'gitUserName',
    'neutralizeReferences',
    'openServerForge',
    'ownersFileLimit',
    'ownersPlaces',
    'parseRepositoryPlace',
    'tokenAuthorization',
    'tokenKind',
  ]);
});
