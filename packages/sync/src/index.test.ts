import { expect, test } from 'vitest';
import * as sync from './index.js';

test('the public names', () => {
  expect(Object.keys(sync).sort()).toEqual([
    'SyncError',
    'countFileChanges',
    'countOutcomes',
    'detectDrift',
    'explainPath',
    'listConflicts',
    'parsePlan',
    'planSync',
    'readStatus',
    'resolveConflict',
    'resolveInTarget',
    'savePlan',
    'serializePlan',
    'streamPlan',
    'streamSync',
    'summarizeItem',
    'syncFleet',
    'toItemError',
    'verifyFleet',
  ]);
});
