import { bold, green } from '../markup.js';
import { indent, text } from './words.js';

/** The override of a delivered file, and whether it lies there now. */
export interface Overridden {
  readonly path: string;
  readonly rule: string;
  readonly override: string;
  readonly outcome: 'made' | 'there' | 'told';
}

/** Where an override is, and what comes next. */
export function renderOverride({ path, rule, override, outcome }: Overridden): string {
  switch (outcome) {
    case 'made':
      return text([
        green(`+ ${override}`),
        '',
        `Edit that file, and commit it: from the next sync of ${rule} on it is merged with what comes for`,
        `${path}, and the result is written to both.`,
      ]);
    case 'there':
      return text([`${bold(override)} is there already, and is left as it is.`]);
    case 'told':
      return text([
        bold(override),
        ...indent([`is where ${rule} looks for the target's own version of ${path}.`]),
        'Make it in a clone of the target with: holdfast override PATH',
      ]);
  }
}
