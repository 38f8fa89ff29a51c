import {
  blockingFiles,
  describeMeaning,
  planDeliveredPush,
  pushCatalogue,
  toItemError,
} from '@holdfast/sync';
import type { DeliveredPush, DeliveredPushItem, PushableFleet } from '@holdfast/sync';
import type { OpenFleet } from '@holdfast/fleet';
import { askOnce } from '../ask-once.js';
import { documentMeaning } from '../catalogue-meaning.js';
import type { DeliveredReport, PushReport } from '../catalogue-reports.js';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import { bodyOf, quoted, titleOf } from '../push-text.js';
import { renderDeliveredPush } from '../render/catalogues.js';
import { exitCodeOfPush } from './push-outcome.js';
import type { PushInput } from './push-outcome.js';

/** Brings edits of delivered files back to the source, for a rule that says `direction: both`. */
export async function pushRule(
  context: CommandContext,
  rule: string,
  input: PushInput,
): Promise<CommandResult> {
  return withFleet(context, async (fleet) => {
    const { sourceForge } = fleet;
    if (!sourceForge)
      throw new CliError('bad-argument', 'the source has no place for change requests');
    const pushable = { ...fleet, sourceForge };
    const items = await planDeliveredPush(pushable, {
      rule,
      ...(input.target ? { targets: input.target } : {}),
    });
    const planned = items.map((item) => reportOf(fleet, item, input));
    const ready = planned.filter(({ outcome }) => outcome === 'planned');
    const agreed =
      ready.length === 0 || input.dryRun
        ? true
        : (input.yes ??
          (await askOnce(
            context,
            renderDeliveredPush(rule, planned),
            `Push all of this to ${fleet.sourceName}?`,
          )));
    const reports: DeliveredReport[] = [];
    for (const [index, report] of planned.entries()) {
      const item = items[index];
      if (report.outcome !== 'planned' || item?.kind !== 'planned' || input.dryRun)
        reports.push(report);
      else if (!agreed) reports.push({ ...report, outcome: 'refused' });
      else reports.push(await pushItem(pushable, item, report));
    }
    return {
      exitCode: worst(reports.map(exitCodeOfReport)),
      document: { name: rule, targets: reports },
      text: () => renderDeliveredPush(rule, reports),
    };
  });
}

function reportOf(
  fleet: OpenFleet,
  item: DeliveredPushItem,
  { message }: PushInput,
): DeliveredReport {
  const { target } = item;
  if (item.kind === 'failed') return { target, outcome: 'failed', error: item.error };
  if (item.kind === 'never-synced') return { target, outcome: 'never-synced' };
  const { rule, branch, base, files, meaning, problems, changes } = item;
  const report = {
    target,
    branch,
    base,
    title: message ?? titleOf(`${rule} of ${target}`, describeMeaning(meaning), item),
    files,
    semantic: documentMeaning(meaning),
    problems,
  };
  if (blockingFiles(item).length > 0) return { ...report, outcome: 'blocked' };
  if (changes.length === 0) return { ...report, outcome: 'nothing' };
  return { ...report, outcome: problems.length > 0 ? 'invalid' : 'planned' };
}

async function pushItem(
  fleet: PushableFleet,
  item: DeliveredPush,
  report: Omit<PushReport, 'name'> & { readonly target: string },
): Promise<DeliveredReport> {
  const { rule, target, author, meaning } = item;
  const subject = `${quoted(target)} in what the rule ${quoted(rule)} delivers`;
  try {
    const pushed = await pushCatalogue(
      {
        name: `${rule}/${target}`,
        namespace: fleet.configuration.namespace,
        source: fleet.source,
        forge: fleet.sourceForge,
      },
      item,
      {
        author,
        text: {
          title: report.title,
          body: bodyOf(subject, fleet.sourceName, item, describeMeaning(meaning)),
        },
      },
    );
    if (pushed.kind === 'foreign-commits') return { ...report, outcome: pushed.kind };
    const { number, url } = pushed.request;
    return {
      ...report,
      outcome: pushed.kind,
      commit: pushed.commit,
      request: { number, ...(url === undefined ? {} : { url }) },
    };
  } catch (error) {
    return { target, outcome: 'failed', error: toItemError(error) };
  }
}

function exitCodeOfReport(report: DeliveredReport): ExitCode {
  if (report.outcome === 'failed') return exitCodeOf(report.error);
  return report.outcome === 'never-synced' ? 0 : exitCodeOfPush(report);
}
