import { expect, test } from 'vitest';
import * as fleet from './index.js';

test('what the package exports', () => {
  expect(Object.keys(fleet).sort()).toEqual([
    'CONFIGURATION_FILE',
    'FleetError',
    'actorOf',
    'cacheDirectory',
    'checkFiles',
    'findHookPlace',
    'findRoot',
    'findTargetTree',
    'folderOf',
    'hostsOf',
    'identifySource',
    'installHook',
    'openFleet',
    'openForges',
    'openOptions',
    'readConfiguration',
    'publicHosts',
    'recordRun',
    'removeHook',
    'stateDirectory',
    'withFleet',
    'writeChanges',
  ]);
});
