/** A path prefix that becomes another one. */
export interface PathPrefix {
  from: string;
  to: string;
}

/**
 * Rewrites a path by the first prefix that matches it by whole segments: `core/` matches `core/a` and
 * neither `score/a` nor `core`; `core` matches `core` and `core/a`. A leading `./` or `/` of the path
 * stays.
 *
 * @returns `undefined` where none matches.
 */
export function rewritePrefix(path: string, prefixes: readonly PathPrefix[]): string | undefined {
  const lead = path.startsWith('./') ? './' : path.startsWith('/') ? '/' : '';
  const bare = path.slice(lead.length);
  for (const { from, to } of prefixes) {
    if (!bare.startsWith(from)) continue;
    const next = bare[from.length];
    if (from.endsWith('/') || next === undefined || next === '/' || next === '#' || next === '?') {
      return lead + to + bare.slice(from.length);
    }
  }
  return undefined;
}
