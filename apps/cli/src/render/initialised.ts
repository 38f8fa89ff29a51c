import type { InitAnswers } from '../commands/init-files.js';
import { bold, green } from '../markup.js';
import { indent, text } from './words.js';

/** What `init` wrote, and what comes next. */
export function renderInitialised(
  files: readonly { readonly path: string }[],
  { answers, released }: { readonly answers: InitAnswers; readonly released: boolean },
): string {
  const plan = released
    ? 'holdfast plan'
    : `holdfast plan --ref ${answers.branch}   (or tag a release: git tag v1.0.0)`;
  return text([
    ...files.map(({ path }) => green(`+ ${path}`)),
    '',
    bold('Next:'),
    ...indent([
      `see that ${answers.target} is at ${answers.location}, or correct holdfast.yaml`,
      plan,
      'holdfast sync',
    ]),
  ]);
}
