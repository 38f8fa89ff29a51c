import { expect, test } from 'vitest';
import * as git from './index.js';

test('exports these names', () => {
  expect(Object.keys(git).sort()).toEqual([
    'GitError',
    'askGit',
    'firstLine',
    'hostCredentials',
    'isLfsPointer',
    'normalizeLocation',
    'openRepository',
    'parseLocation',
    'readGit',
    'redact',
    'redactValue',
    'resolveLocation',
  ]);
});
