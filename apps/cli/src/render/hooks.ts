import type { HookOutcome, HookPlace } from '@holdfast/fleet';
import { bold, green, red, yellow } from '../markup.js';
import { indent, text } from './words.js';

/** What became of a hook. */
export function renderHook({ shown, style, owner }: HookPlace, outcome: HookOutcome): string {
  switch (outcome.kind) {
    case 'installed':
      return text([
        green(`+ ${shown}`),
        ...indent([
          'runs holdfast validate --staged before each commit',
          ...(outcome.kept === undefined
            ? []
            : [`the hook that was there runs first; it is kept as ${outcome.kept}`]),
          ...(style === 'block' ? ['as a marked block in the script of the hook manager'] : []),
          ...(owner === 'work-tree' ? ['it lies in the work tree: commit it to share it'] : []),
          ...(owner === 'elsewhere' ? ['it works for every repository that uses this folder'] : []),
        ]),
        `Take it away with: ${bold('holdfast hooks remove')}`,
      ]);
    case 'updated':
      return text([yellow(`~ ${shown}`), ...indent(['is now what this version writes'])]);
    case 'already-installed':
      return text([`${shown} is installed already.`]);
    case 'removed':
      return text([
        red(`- ${shown}`),
        ...indent(outcome.restored ? ['what was there before is back'] : []),
      ]);
    case 'not-installed':
      return text([`There is no hook of holdfast at ${shown}.`]);
  }
}
