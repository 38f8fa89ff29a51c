import type { PresentedOutcome, PresentedOutput } from '../skills/present-outcome.js';
import { bold, dim, green, red, yellow } from '../markup.js';
import { renderDiff } from './diff.js';
import { renderFinding } from './findings.js';
import { indent } from './words.js';

const words: Record<PresentedOutcome['outcome'], string> = {
  generated: green('generated'),
  current: dim('current'),
  stale: yellow('stale'),
  edited: yellow('edited by hand'),
  refused: red('refused'),
  failed: red('failed'),
};

/** What became of skills, one after the other. */
export function renderOutcomes(outcomes: readonly PresentedOutcome[]): string[] {
  return outcomes.flatMap(renderOutcome);
}

function renderOutcome(outcome: PresentedOutcome): string[] {
  const { skill, outputs = [], findings = [], message, output, hint } = outcome;
  const isForeign = outcome.foreign === true;
  const word = isForeign
    ? yellow('not generated: another file stands there')
    : words[outcome.outcome];
  return [
    `${bold(skill)}  ${word}`,
    ...indent([
      ...(outcome.outcome === 'current' ? [] : outputs.flatMap(renderOutput)),
      ...(outcome.writesPast
        ? [
            `${yellow('note:')} the generator writes to the output itself; SYNC_OUTPUT_FILE is where it should`,
          ]
        : []),
      ...findings.map(renderFinding),
      ...(message === undefined ? [] : [message]),
      ...(output === undefined ? [] : indent(output.trimEnd().split('\n'))),
      ...(hint === undefined ? [] : [`${bold('hint:')} ${hint}`]),
    ]),
  ];
}

function renderOutput({ file, change, kept, diff }: PresentedOutput): string[] {
  return [
    change === undefined ? file : `${file}  ${change}`,
    ...(kept === undefined ? [] : [dim(`what stood there is kept: ${kept}`)]),
    ...(diff === undefined ? [] : indent(renderDiff(diff))),
  ];
}
