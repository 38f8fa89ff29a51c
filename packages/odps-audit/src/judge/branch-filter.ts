import { isMapping, listOf, member, textOf } from '../mapping.js';

/** Whether a push to a branch starts a workflow; true also for one that no push starts, which is a choice. */
export function runsOnPush(workflow: unknown, branch: string): boolean {
  const events = member(workflow, 'on') ?? member(workflow, 'true');
  const push = member(events, 'push');
  if (!isMapping(push)) return true;
  const only = listOf(push['branches']).flatMap((pattern) => textOf(pattern) ?? []);
  const except = listOf(push['branches-ignore']).flatMap((pattern) => textOf(pattern) ?? []);
  if (only.length > 0) return matchesLast(only, branch);
  return !except.some((pattern) => toRegExp(pattern).test(branch));
}

/** The last pattern that matches decides; one with `!` before it excludes. */
function matchesLast(patterns: readonly string[], branch: string): boolean {
  let matches = false;
  for (const pattern of patterns) {
    const negative = pattern.startsWith('!');
    if (toRegExp(negative ? pattern.slice(1) : pattern).test(branch)) matches = !negative;
  }
  return matches;
}

/** GitHub's filter patterns, of which branches use `*`, `**` and `?`. An expression may be anything. */
function toRegExp(pattern: string): RegExp {
  if (pattern.includes('${{')) return /^/;
  const source = pattern.replace(/\*{2,}|[*]|[.+^${}()|[\]\\?]/g, (part) => {
    if (part.startsWith('**')) return '.*';
    return part === '*' ? '[^/]*' : part === '?' ? '.?' : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}
