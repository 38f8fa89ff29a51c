import type { Resolved } from '../commands/resolve.js';
import { bold, dim, green } from '../markup.js';
import { indent, shortId, text } from './words.js';

/** What was decided, and what is left to do. */
export function renderResolved(resolved: Resolved): string {
  const { path, rule, version } = resolved;
  const head = `${green('RESOLVED:')} ${bold(path)} against ${version} ${dim(`(${rule})`)}`;
  if (resolved.kind === 'written') {
    const files = resolved.files.map((file) => file);
    return text([head, ...indent(files), 'Next: review with git diff, then commit these files.']);
  }
  const { target, branch, commit } = resolved;
  return text([
    head,
    ...indent([`committed to ${branch} of ${target} ${dim(`(${shortId(commit)})`)}`]),
  ]);
}
