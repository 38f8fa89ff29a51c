import { GitError } from './git-error.js';

/**
 * Whether git accepts the text as a ref's name, by the rules of `git check-ref-format`.
 * Control characters and a leading dash are refused, so that a name can stand in any command.
 */
export function isRefName(name: string): boolean {
  return (
    name.length > 0 &&
    Buffer.byteLength(name) <= 1024 &&
    name.isWellFormed() &&
    !/[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\.$|^\/|\/$|^@$/.test(name) &&
    !name.startsWith('-') &&
    name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'))
  );
}

/** Fails with `invalid-argument` unless the text is a full ref name that may be written. */
export function checkFullRefName(name: string): void {
  if (!name.startsWith('refs/') || !isRefName(name) || name.split('/').length < 3) {
    throw new GitError(
      'invalid-argument',
      `a ref's name must be full and valid, such as refs/heads/main; got ${JSON.stringify(name)}`,
      { data: { ref: name } },
    );
  }
}
