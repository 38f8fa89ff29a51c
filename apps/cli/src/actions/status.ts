import { statusWords } from '@holdfast/sync';
import type { StatusRow } from '@holdfast/sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { renderStatus, renderStatusMarkdown } from '../render/status.js';
import type { TargetsInput } from '../selection.js';
import { writeBetweenMarkers } from '../write-between-markers.js';
import { findHere } from './here/find-here.js';
import { statusHere } from './here/status.js';
import { readFleetStatus } from './read-fleet-status.js';

export interface StatusInput extends TargetsInput {
  readonly only?: string;
  readonly sort?: 'target' | 'rule' | 'status' | 'version' | 'age';
  readonly groupBy?: 'status' | 'rule' | 'version' | 'strategy' | 'frequency';
  readonly customised?: true;
  readonly markdown?: true;
  readonly write?: string;
}

/** `holdfast status`: shows the registry, where each target stands. */
export async function status(context: CommandContext, input: StatusInput): Promise<CommandResult> {
  const here = await findHere(context, input);
  if (here) return statusHere(here, { ...input });
  const { write, markdown, groupBy } = input;
  const only = wordsOf(input.only);
  return withFleet(context, async (fleet) => {
    const all = await readFleetStatus(context, fleet, input);
    const rows = sortRows(
      all.filter((row) => only.length === 0 || only.includes(row.status)),
      input.sort,
    );
    const groups = groupBy && countBy(rows, groupBy);
    if (write !== undefined) {
      await writeBetweenMarkers(
        context.surroundings.cwd,
        write,
        'holdfast:status',
        renderStatusMarkdown(rows),
      );
    }
    return {
      exitCode: worst(all.map(({ error }) => (error ? exitCodeOf(error) : 0))),
      document: {
        rows,
        ...(groups ? { groups } : {}),
        ...(write === undefined ? {} : { written: write }),
      },
      text: () =>
        markdown
          ? renderStatusMarkdown(rows)
          : renderStatus(rows, {
              ...(groups ? { groups } : {}),
              customised: input.customised === true,
            }),
    };
  });
}

function wordsOf(only = ''): string[] {
  const wanted = only.split(',').filter(Boolean);
  return wanted.map((word) => {
    const plain = word
      .trim()
      .toLowerCase()
      .replaceAll(/[-_ ]+/g, ' ');
    const found = statusWords.find((status) => status.toLowerCase() === plain);
    if (found) return found;
    throw new CliError('bad-argument', `--only: there is no status ${JSON.stringify(word)}`, {
      hint: `the statuses are: ${statusWords.join(', ')}`,
    });
  });
}

function sortRows(rows: readonly StatusRow[], key: StatusInput['sort']): StatusRow[] {
  if (key === undefined) return [...rows];
  const valueOf = (row: StatusRow): string | number => {
    if (key === 'age') return -(row.days ?? Number.POSITIVE_INFINITY);
    return key === 'status' ? statusWords.indexOf(row.status) : (row[key] ?? '');
  };
  return rows.toSorted((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

function countBy(
  rows: readonly StatusRow[],
  key: NonNullable<StatusInput['groupBy']>,
): Record<string, number> {
  const groups = Map.groupBy(rows, (row) => row[key] ?? '–');
  return Object.fromEntries([...groups].map(([name, own]) => [name, own.length]));
}
