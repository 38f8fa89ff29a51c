import { GitError } from '../git-error.js';
import { findSystemWords } from '../system-error.js';
import type { GitResult } from './run-git.js';

/** The result, if git exited with 0; else the error that its words stand for. */
export function requireSuccess(result: GitResult, doing: string): GitResult {
  if (result.exitCode === 0) return result;
  throw describeFailure(result, doing);
}

/** The error for a git process that failed while it was `doing` something. */
export function describeFailure({ exitCode, stderr }: GitResult, doing: string): GitError {
  const data = { exitCode, stderr };
  const locked =
    /Unable to create '([^']+\.lock)': File exists|could not lock ([^\n]+?): File exists/.exec(
      stderr,
    );
  if (locked !== null) {
    return new GitError(
      'locked',
      `${doing}: ${locked[1] ?? locked[2]} is held by another process`,
      {
        data: { ...data, lock: locked[1] ?? locked[2] },
        hint: 'wait for the other process; remove the file if none is running',
      },
    );
  }
  const conflict =
    /'([^']+)' exists; cannot create '([^']+)'|cannot process '([^']+)' and '([^']+)'/.exec(stderr);
  if (conflict !== null) {
    const [existing, ref] = conflict.slice(1).filter((name) => name !== undefined);
    return new GitError('ref-conflict', `${ref} cannot be there beside ${existing}`, {
      data: { ...data, ref, existing },
      hint: 'choose another name, or delete the other ref first',
    });
  }
  if (/dubious ownership/.test(stderr)) {
    return new GitError('unsafe-repository', `${doing}: the repository belongs to another user`, {
      data,
      hint: 'if you trust it, run: git config --global --add safe.directory PATH',
    });
  }
  const system = findSystemWords(stderr);
  if (system !== undefined) {
    return new GitError(system.code, `${doing}: ${system.words}: ${lastLine(stderr)}`, {
      data,
      hint: system.hint,
    });
  }
  const corrupt =
    /(?:is corrupt|is empty|bad object|missing object|missing blob|missing tree|unable to read|inflate|could not parse|fsck error|hash mismatch|bad pack|unable to unpack)/i;
  if (corrupt.test(stderr)) {
    return new GitError('corrupt', `${doing}: ${lastLine(stderr)}`, {
      data,
      hint: 'run "git fsck" in the repository',
    });
  }
  return new GitError('git-failed', `${doing}: git exited with ${exitCode}: ${lastLine(stderr)}`, {
    data,
  });
}

/** The line that says why: the first that begins with `fatal:` or `error:`, else the last. */
function lastLine(stderr: string): string {
  const lines = stderr.split('\n');
  const telling = lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines.at(-1) ?? '';
  return telling.replace(/^(?:fatal|error): /, '') || 'it said nothing';
}
