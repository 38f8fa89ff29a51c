import { expect, test } from 'vitest';
import { knownBreakage } from './known-breakage.js';
import type { Finding } from '@holdfast/findings';

const file = {
  path: 'docs/a.yaml',
  sourcePath: 'core/a.yaml',
  content: new Uint8Array(),
  mode: '100644' as const,
};
const finding = (ruleId: string, data?: Finding['data']): Finding => ({
  ruleId,
  severity: 'error',
  message: 'it is so',
  path: 'core/a.yaml',
  ...(data ? { data } : {}),
});

test.each([
  ['schema/syntax', 'warn'],
  ['link/missing-file', 'warn'],
  ['schema/alias-bomb', false],
  ['schema/too-deep', false],
  ['schema/prototype-key', false],
])('%s that the source has already: %s', (ruleId, expected) => {
  const known = knownBreakage([finding(ruleId)]);
  expect(known(file, { ...finding(ruleId), path: file.path })).toBe(expected);
});

test.each([
  ['file', undefined, 'block'],
  ['file', 'warn', 'warn'],
  ['block', undefined, 'warn'],
  ['block', 'block', 'block'],
] as const)('a broken %s of the source, with the action %s: %s', (origin, action, expected) => {
  const broken = finding('schema/syntax', { origin });
  const known = knownBreakage([broken], action ? { action } : {});
  expect(known(file, { ...broken, path: file.path })).toBe(expected);
});
