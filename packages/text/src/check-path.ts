/** Why a path is refused; `kind` is stable, `message` completes a sentence that begins with the path. */
export interface PathProblem {
  readonly kind:
    | 'empty'
    | 'too-long'
    | 'absolute'
    | 'backslash'
    | 'control-character'
    | 'not-unicode'
    | 'empty-segment'
    | 'traversal'
    | 'git-directory';
  readonly message: string;
}

/** What Linux and macOS allow a whole path and one name to have, in bytes. */
const MAX_PATH_BYTES = 4096;
const MAX_NAME_BYTES = 255;

const encoder = new TextEncoder();

/** What HFS+ leaves out when it compares names: joiners, direction marks, the byte order mark. */
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * Says why a path inside a repository must not be written, or undefined when it may.
 *
 * A good path is relative, uses `/`, has no empty, `.` or `..` segment, no control character, no
 * backslash, and names no `.git` folder in any disguise that a file system would see through: case,
 * code points that HFS+ ignores, trailing dots and spaces, an NTFS stream, the short name `git~1`.
 * Spaces, quotes, leading dashes and umlauts are fine.
 */
export function checkPath(path: string): PathProblem | undefined {
  return isPlainlySafe(path) ? undefined : (checkWhole(path) ?? checkSegments(path));
}

/**
 * Recognises most real paths in one pass over their characters: short ASCII names with nothing in
 * them that any rule is about. Manifests of 20,000 paths are checked through here.
 */
function isPlainlySafe(path: string): boolean {
  if (path.length === 0 || path.length > MAX_NAME_BYTES) return false;
  let previous = 47;
  for (let index = 0; index < path.length; index++) {
    const unit = path.charCodeAt(index);
    const plain =
      (unit >= 97 && unit <= 122) || // a-z
      (unit >= 65 && unit <= 90) || // A-Z
      (unit >= 48 && unit <= 57) || // 0-9
      unit === 45 || // -
      unit === 95 || // _
      ((unit === 46 || unit === 47) && previous !== 47); // . and /, not at the start of a name
    if (!plain) return false;
    previous = unit;
  }
  return previous !== 47;
}

function checkWhole(path: string): PathProblem | undefined {
  if (path === '') return problem('empty', 'must not be empty');
  if (!path.isWellFormed()) return problem('not-unicode', 'must be well-formed Unicode');
  if (byteLength(path) > MAX_PATH_BYTES) {
    return problem('too-long', `must not be longer than ${MAX_PATH_BYTES} bytes`);
  }
  if (/\p{Cc}/u.test(path)) return problem('control-character', 'must not hold control characters');
  if (path.includes('\\')) return problem('backslash', 'must use / between names, not \\');
  if (/^\/|^[a-z]:/i.test(path)) return problem('absolute', 'must be relative');
  return undefined;
}

function checkSegments(path: string): PathProblem | undefined {
  for (const name of path.split('/')) {
    if (name === '') return problem('empty-segment', 'must not hold // or end in /');
    if (name === '.' || name === '..')
      return problem('traversal', `must not hold ${name} as a name`);
    if (byteLength(name) > MAX_NAME_BYTES) {
      return problem('too-long', `must not hold a name longer than ${MAX_NAME_BYTES} bytes`);
    }
    if (isGitDirectory(name)) return problem('git-directory', 'must not lead into a .git folder');
  }
  return undefined;
}

function isGitDirectory(name: string): boolean {
  const seen = name
    .replace(IGNORED_BY_HFS, '')
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '')
    .toLowerCase();
  return seen === '.git' || seen === 'git~1';
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}

function problem(kind: PathProblem['kind'], message: string): PathProblem {
  return { kind, message };
}
