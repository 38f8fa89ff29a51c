import { expect, test } from 'vitest';

import * as forge from './index.js';

test('what the package exports', () => {
  expect(Object.keys(forge).sort()).toEqual([
    'ForgeError',
    'checkHostAccess',
    'checkRepositoryAccess',
    'createAnswerCache',
    'createAppAuthorization',
    'createEmbeddedForge',
    'createHostGate',
    'createServerClient',
    'defaultApiUrl',
    'discoverRepositories',
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
