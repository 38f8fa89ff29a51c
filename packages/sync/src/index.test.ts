import { expect, test } from 'vitest';
import * as sync from './index.js';

test('the public names', () => {
  expect(Object.keys(sync).sort()).toEqual([
    'SyncError',
    'countFileChanges',
    'countOutcomes',
    'defaultThresholds',
    'detectDrift',
    'explainPath',
    'findAlerts',
    'listConflicts',
    'parsePlan',
    'planSync',
    'publishAlerts',
    'readStatus',
    'resolveConflict',
    'resolveInTarget',
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
