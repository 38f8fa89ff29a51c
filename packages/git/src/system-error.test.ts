import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { GitError } from './git-error.js';
import { describeFailure } from './program/git-failure.js';
import { describeSystemError, publicError } from './system-error.js';

/** An error as the system gives it, or one that looks like it where the system has no such place. */
function thrown(code: string, work?: () => void): unknown {
  try {
    work?.();
  } catch (error) {
    return error;
  }
  return Object.assign(new Error(`${code}: refused, open '/x'`), { code, path: '/x' });
}

test('a full disk has a name and a next step', () => {
  const full = existsSync('/dev/full') ? () => writeFileSync('/dev/full', 'x') : undefined;
  expect(publicError(thrown('ENOSPC', full), 'working on /srv/x.git', [])).toMatchObject({
    code: 'disk-full',
    blame: 'environment',
    message: expect.stringContaining('working on /srv/x.git: the disk is full'),
    hint: expect.stringContaining('free some space'),
  });
});

test.each(['EACCES', 'EPERM', 'EROFS'])('%s is a matter of rights', (code) => {
  const error = publicError(thrown(code), 'opening /x', []);
  expect(error).toMatchObject({ code: 'no-permission', data: { path: '/x', errno: code } });
  expect((error as GitError).message).toContain('(/x)');
});

test('the same in the words of git', () => {
  const stderr = 'error: unable to write file: No space left on device\nfatal: unpack failed';
  const result = { exitCode: 128, stderr, stdout: Buffer.alloc(0) };
  expect(describeFailure(result, 'writing')).toMatchObject({ code: 'disk-full' });
  const denied = {
    ...result,
    stderr: 'error: insufficient permission for adding an object to repository database objects',
  };
  expect(describeFailure(denied, 'writing')).toMatchObject({ code: 'no-permission' });
});

test('other errors stay what they are', () => {
  const absent = thrown('ENOENT', () => readFileSync('/nowhere/at/all'));
  expect(describeSystemError(absent, 'x')).toBeUndefined();
  expect(publicError(absent, 'x', [])).toBe(absent);
  const known = new GitError('locked', 'x is held');
  expect(publicError(known, 'x', ['secret'])).toBe(known);
});
