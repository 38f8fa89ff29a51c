import type { TargetResolution } from '@holdfast/sync';
import { bold, dim, green } from '../markup.js';
import { indent, shortId, text } from './words.js';

/** A conflict that was decided: in a target, or in the files of a work tree. */
export type Resolved =
  | ({ readonly kind: 'committed' } & TargetResolution)
  | {
      readonly kind: 'written';
      readonly path: string;
      readonly rule: string;
      readonly version: string;
      readonly files: readonly string[];
    };

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
