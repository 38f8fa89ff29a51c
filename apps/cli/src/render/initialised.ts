import type { InitAnswers, InitTarget } from '../actions/init-answers.js';
import { bold, green } from '../markup.js';
import { indent, text } from './words.js';

/** What `init` wrote, and what comes next. */
export function renderInitialised(
  files: readonly { readonly path: string }[],
  {
    answers: { branch, frequency, links },
    release,
    missing,
  }: {
    readonly answers: InitAnswers;
    readonly release: string | undefined;
    readonly missing: readonly InitTarget[];
  },
): string {
  const delivered =
    frequency === 'on_release'
      ? `each release is delivered; the newest is ${release ?? 'none'}`
      : `each change of ${branch} is delivered; once there are releases, write frequency: on_release`;
  return text([
    ...files.map(({ path }) => green(`+ ${path}`)),
    '',
    ...indent([
      delivered,
      ...(links === undefined ? [] : [`links are read as ${links} writes them`]),
    ]),
    '',
    bold('Next:'),
    ...indent([
      ...missing.map(
        ({ name, location }) => `put ${name} at ${location}, or correct holdfast.yaml`,
      ),
      'holdfast plan',
      'holdfast sync',
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
