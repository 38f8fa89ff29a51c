import { compilePattern, parseReplacement } from './replace.js';
import { rewritePrefix } from './rewrite-prefix.js';
import { TransformError } from './transform-error.js';

/** `rename`: another path in the target. */
export type RenameSettings =
  | {
      /** A file name (`README.md`, in any folder), a path from the target's root, or a folder (`docs/old/`). */
      from: string;
      to: string;
      pattern?: undefined;
    }
  | {
      /** In RE2's syntax, found anywhere in the target path; `$1` and `${name}` in `to` stand for groups. */
      pattern: string;
      to: string;
      from?: undefined;
    };

/** A step that changes paths only. */
export interface Rename {
  describe(): string;
  mapPath(targetPath: string): string;
}

/** Renames target paths. It is the caller's to check the result: see `checkPath` of the manifest's library. */
export function createRename(
  settings: RenameSettings,
  keyPath: readonly (string | number)[],
): Rename {
  const { to } = settings;
  if (settings.pattern === undefined) {
    const { from } = settings;
    checkTarget(from, to, keyPath);
    return {
      describe: () => `rename: ${from} to ${to}`,
      mapPath: (path) => renameLiteral(path, from, to),
    };
  }
  const expression = compilePattern(settings.pattern, [...keyPath, 'pattern']);
  const parts = parseReplacement(to, expression, [...keyPath, 'to']);
  return {
    describe: () => `rename: what matches ${settings.pattern} to ${to}`,
    mapPath(path) {
      const matcher = expression.matcher(path);
      if (!matcher.find()) return path;
      const written = parts.map((part) =>
        typeof part === 'string' ? part : (matcher.group(part) ?? ''),
      );
      return path.slice(0, matcher.start()) + written.join('') + path.slice(matcher.end());
    },
  };
}

function renameLiteral(path: string, from: string, to: string): string {
  if (from.includes('/')) return rewritePrefix(path, [{ from, to }]) ?? path;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return path.slice(folder.length) === from ? folder + to : path;
}

function checkTarget(from: string, to: string, keyPath: readonly (string | number)[]): void {
  const problem =
    from === '' || to === ''
      ? 'needs both from and to'
      : from.endsWith('/') !== to.endsWith('/')
        ? 'needs a / at the end of both from and to, or of neither'
        : undefined;
  if (problem === undefined) return;
  throw new TransformError(`rename ${problem}`, { code: 'invalid-settings', data: { keyPath } });
}
