import { expect, it } from 'vitest';
import * as validation from './index.js';

it('exports exactly what the README names', () => {
  expect(Object.keys(validation).sort()).toEqual([
    'allowMarker',
    'checkDenyPattern',
    'checksumCheck',
    'createReport',
    'defaultLimits',
    'emptyTree',
    'formatReport',
    'knownBreakage',
    'linkIntegrityCheck',
    'ruleHelp',
    'schemaCheck',
    'secretScanCheck',
    'validate',
    'versionTagCheck',
  ]);
});
