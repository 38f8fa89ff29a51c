import { expect, test } from 'vitest';
import * as fleet from './index.js';

test('what the package exports', () => {
  expect(Object.keys(fleet).sort()).toEqual([
    'CONFIGURATION_FILE',
    'FleetError',
    'actorOf',
    'cacheDirectory',
    'checkAuth',
    'checkFiles',
    'chooseCatalogues',
    'findHookPlace',
    'findRoot',
    'findTargetTree',
    'findTargets',
    'folderOf',
    'forgetTarget',
    'hostsOf',
    'identifySource',
    'importSyncFile',
    'installHook',
    'listTargets',
    'openFleet',
    'openForges',
    'openOptions',
    'publicHosts',
    'readConfiguration',
    'readFailures',
    'readKnownTargets',
    'recordRun',
    'removeHook',
    'stateDirectory',
    'withCatalogue',
    'withFleet',
    'writeChanges',
    'writeKnownTargets',
  ]);
});
