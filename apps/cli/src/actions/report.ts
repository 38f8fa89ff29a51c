import { resolve } from 'node:path';
import { readRuns, replaceFile } from '@holdfast/fleet';
import type { JournalRun } from '@holdfast/fleet';
import { fleetPage, renderPage } from '@holdfast/page';
import type { RunView } from '@holdfast/page';
import { findAlerts } from '@holdfast/sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { count } from '../render/words.js';
import type { TargetsInput } from '../selection.js';
import { readFleetStatus } from './read-fleet-status.js';

export interface ReportInput extends TargetsInput {
  readonly html: string;
}

/** `holdfast report`: writes the page that the worker shows, as a file that stands alone. */
export async function report(context: CommandContext, input: ReportInput): Promise<CommandResult> {
  const { html: file } = input;
  return withFleet(context, async (fleet) => {
    const rows = await readFleetStatus(context, fleet, input);
    const now = fleet.clock();
    const alerts = findAlerts(rows, { now, namespace: fleet.configuration.namespace });
    const runs = (await readRuns(fleet, context.surroundings)).map(viewRun);
    const { sourceName: source } = fleet;
    const page = renderPage(fleetPage({ source, at: now.toISOString(), rows, alerts, runs }), {
      title: `Fleet of ${source}`,
    });
    await replaceFile(resolve(context.surroundings.cwd, file), page).catch((cause: unknown) => {
      throw new CliError('unwritable', `--html: ${file} cannot be written`, {
        blame: 'environment',
        cause,
        hint: 'name a file in a folder that may be written',
      });
    });
    return {
      exitCode: worst(rows.map(({ error }) => (error ? exitCodeOf(error) : 0))),
      document: { written: file, rows: rows.length, alerts: alerts.length },
      text: () => `${file}: ${count(rows.length, 'row')}, ${count(alerts.length, 'alert')}\n`,
    };
  });
}

/** A run of the journal as the page lists it. */
function viewRun({ started, finished, outcome, targets, failed }: JournalRun): RunView {
  return {
    id: started,
    kind: 'sync',
    state: failed > 0 ? 'failed' : outcome === 'synced' ? 'done' : outcome,
    trigger: 'the command line',
    startedAt: started,
    ...(finished === undefined ? {} : { finishedAt: finished }),
    targets: { total: targets, done: targets - failed, failed },
  };
}
