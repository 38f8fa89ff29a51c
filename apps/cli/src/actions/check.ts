import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openAlertWebhook } from '@holdfast/fleet';
import type { OpenFleet } from '@holdfast/fleet';
import { findAlerts, postAlerts, publishAlerts, toItemError } from '@holdfast/sync';
import type { ItemError, PostedAlerts, SyncAlert } from '@holdfast/sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { renderAlerts } from '../render/alerts.js';
import type { TargetsInput } from '../selection.js';
import { readFleetStatus } from './read-fleet-status.js';

export interface CheckInput extends TargetsInput {
  readonly alerts?: string;
  readonly issues?: true;
  readonly webhook?: true;
}

/** `holdfast check`: drift, staleness and failures in one call; exits with 1 when there are any. */
export async function check(context: CommandContext, input: CheckInput): Promise<CommandResult> {
  const { surroundings } = context;
  return withFleet(context, async (fleet) => {
    const send = input.webhook ? openAlertWebhook(fleet.configuration, surroundings) : undefined;
    const rows = await readFleetStatus(context, fleet, input);
    const { namespace } = fleet.configuration;
    const alerts = findAlerts(rows, { now: fleet.clock(), namespace });
    const issues = input.issues
      ? await publishAlerts(fleet, rows, alerts, { concurrency: input.concurrency })
      : undefined;
    const webhook = send && (await post(fleet, rows, alerts, send));
    const records = alerts.map(asRecord).join('');
    if (input.alerts !== undefined && input.alerts !== '-') {
      await writeRecords(resolve(surroundings.cwd, input.alerts), records);
    }
    return {
      exitCode: worst([
        alerts.length > 0 ? 1 : 0,
        ...rows.map(({ error }) => (error ? exitCodeOf(error) : 0)),
        ...(issues ?? []).map((told) => (told.kind === 'failed' ? exitCodeOf(told.error) : 0)),
        webhook?.kind === 'failed' ? exitCodeOf(webhook.error) : 0,
      ]),
      document: { alerts, ...(issues ? { issues } : {}), ...(webhook ? { webhook } : {}) },
      text: () => renderAlerts(alerts, issues, webhook),
      ...(input.alerts === '-' ? { raw: () => [records] } : {}),
    };
  });
}

/** What became of the message; that it failed stops nothing else. */
async function post(
  fleet: OpenFleet,
  ...[rows, alerts, send]: PostArguments
): Promise<PostedAlerts | { readonly kind: 'failed'; readonly error: ItemError }> {
  try {
    return await postAlerts(fleet, rows, alerts, send);
  } catch (error) {
    return { kind: 'failed', error: toItemError(error) };
  }
}

type PostArguments = Parameters<typeof postAlerts> extends [unknown, ...infer Rest] ? Rest : never;

function asRecord(alert: SyncAlert): string {
  return `${JSON.stringify({ sync_alert: alert })}\n`;
}

async function writeRecords(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((cause: unknown) => {
    throw new CliError('unwritable', `--alerts: ${path} cannot be written`, {
      blame: 'environment',
      cause,
      hint: 'name a file in a folder that is there and may be written',
    });
  });
}
