import { expect, test } from 'vitest';
import * as sync from './index.js';

test('the public names', () => {
  expect(Object.keys(sync).sort()).toEqual([
    'SyncError',
    'blockingFiles',
    'countFileChanges',
    'countOutcomes',
    'defaultThresholds',
    'detectCatalogueDrift',
    'detectDrift',
    'explainPath',
    'findAlerts',
    'listConflicts',
    'parsePlan',
    'planCataloguePush',
    'planSync',
    'publishAlerts',
    'pullCatalogue',
    'pushCatalogue',
    'readCatalogueVersion',
    'readStatus',
    'resolveConflict',
    'resolveInTarget',
    'rollbackFleet',
    'savePlan',
    'serializePlan',
    'statusWords',
    'streamPlan',
    'streamSync',
    'summarizeItem',
    'syncFleet',
    'toItemError',
    'verifyFleet',
  ]);
});
