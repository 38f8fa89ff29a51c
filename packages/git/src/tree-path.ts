/** Characters that HFS+ drops when it compares names, so that `.g\u200cit` is `.git` there. */
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Longer paths are beyond what systems can open; in bytes. */
export const MAX_PATH_BYTES = 4_096;

/** Why a path cannot be in a tree; undefined when it can. */
export function findPathProblem(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (!path.isWellFormed()) return 'it is not well-formed Unicode';
  if (path.includes('\0')) return 'it has a NUL character';
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `it is longer than ${MAX_PATH_BYTES} bytes`;
  for (const part of path.split('/')) {
    if (part === '') return 'it is absolute or has an empty part';
    if (part === '.' || part === '..') return `it has a part "${part}"`;
    if (isDotGit(part)) return `the part ${JSON.stringify(part)} means .git on some file system`;
  }
  return undefined;
}

/** Whether some file system takes the name for `.git`: by case, NTFS's rules or HFS+'s. */
function isDotGit(name: string): boolean {
  const folded = name.replace(IGNORED_BY_HFS, '').toLowerCase();
  return /^(?:\.git|git~1)[ .]*(?::|$)/.test(folded.replace(/\\.*$/s, ''));
}
