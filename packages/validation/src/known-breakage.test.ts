import { expect, test } from 'vitest';
import { knownBreakage } from './known-breakage.js';
import type { Finding } from '@holdfast/findings';

const file = {
  path: 'docs/a.yaml',
  sourcePath: 'core/a.yaml',
  content: new Uint8Array(),
  mode: '100644' as const,
};
const finding = (ruleId: string): Finding => ({
  ruleId,
  severity: 'error',
  message: 'it is so',
  path: 'core/a.yaml',
});

test.each([
  ['schema/syntax', true],
  ['link/missing-file', true],
  ['schema/alias-bomb', false],
  ['schema/too-deep', false],
  ['schema/prototype-key', false],
])('%s that the source has already is known: %s', (ruleId, expected) => {
  const known = knownBreakage([finding(ruleId)]);
  expect(known(file, { ...finding(ruleId), path: file.path })).toBe(expected);
});
