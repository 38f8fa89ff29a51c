import type { InitAnswers } from '../actions/init-answers.js';
import { bold, green } from '../markup.js';
import { indent, text } from './words.js';

/** What `init` wrote, and what comes next. */
export function renderInitialised(
  files: readonly { readonly path: string }[],
  { answers, released }: { readonly answers: InitAnswers; readonly released: boolean },
): string {
  const ref = released ? '' : ` --ref ${answers.branch}`;
  return text([
    ...files.map(({ path }) => green(`+ ${path}`)),
    '',
    bold('Next:'),
    ...indent([
      `see that ${answers.target} is at ${answers.location}, or correct holdfast.yaml`,
      ...(released ? [] : ['tag a release (git tag v1.0.0), or name a commit with --ref']),
      `holdfast plan${ref}`,
      `holdfast sync${ref}`,
    ]),
  ]);
}

/** What was carried over, what could not be, and what comes next. */
export function renderCarriedOver(
  files: readonly { readonly path: string }[],
  notes: readonly string[],
): string {
  return text([
    ...files.map(({ path }) => green(`+ ${path}`)),
    '',
    bold('Look at:'),
    ...indent(notes.map((note) => `- ${note}`)),
    '',
    bold('Next:'),
    ...indent(['commit the new files', 'holdfast auth check', 'holdfast plan']),
  ]);
}
