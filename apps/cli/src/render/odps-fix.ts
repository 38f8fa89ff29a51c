import { formatUnified } from '@holdfast/merge';
import { fixArtifactTitles } from '@holdfast/odps-audit';
import type { FileChange, FixReport, PlannedFix } from '@holdfast/odps-audit';
import { bold, dim, yellow } from '../markup.js';
import type { Platform } from '../odps/open-platform.js';
import { renderDiff } from './diff.js';
import { text } from './words.js';

/** What a run is about to do, and whether it asks the platform. */
export function renderIntroduction(platform: Platform): string {
  const connection =
    platform.kind === 'online'
      ? `The platform is ${platform.client.host} (${platform.name}).`
      : `Working offline (${platform.reason}): git connections are deferred.`;
  return text([
    "Running holdfast odps fix. I'll:",
    '1. Verify the connection to Entropy Data.',
    '2. Confirm this is a dbt project and pick up its name.',
    '3. Audit existing Entropy Data artifacts (ODPS, ODCS, OpenLineage, model layout, publish workflow, git connections).',
    '4. Gather any missing parameters from you (one batched question).',
    '5. Apply fixes — create missing files, patch incomplete ones, register git connections.',
    "6. Summarize what changed and what's deferred.",
    '',
    connection,
    '',
  ]);
}

/** The whole plan as a difference, with what it takes for the placeholders. */
export function renderFixPlan({
  changes,
  connections,
  deferred,
  values,
  refused,
}: PlannedFix): string {
  const assumed = [...values].filter(([, { source }]) => source !== 'answer');
  const sections = [
    ...changes.flatMap(renderChange),
    ...connections.flatMap(({ kind, subject, request, drift }) => [
      bold(`${kind === 'create' ? 'register' : 'overwrite'} the git connection of ${subject.id}`),
      `  ${request.repositoryUrl} ${request.repositoryBranch} ${request.repositoryPath}`,
      ...drift.map(({ field, actual, wanted }) =>
        yellow(`  ${field}: ${actual} becomes ${wanted}`),
      ),
      '',
    ]),
    ...deferred.map(({ subject, reason }) =>
      dim(`deferred: the git connection of ${subject.id} (${reason})`),
    ),
    ...refused.map(({ path, reason }) => yellow(`left alone: ${path}: ${reason}`)),
  ];
  if (sections.length === 0) return text(['Nothing is to do.']);
  const taken = assumed.map(([name, { value, source }]) => dim(`  ${name}: ${value} (${source})`));
  const intro = changes.length > 0 ? [dim('Taken without an answer:'), ...taken, ''] : [];
  return text([...intro, ...sections]);
}

function renderChange(change: FileChange): string[] {
  if (change.kind === 'move') return [bold(`move ${change.from} to ${change.path}`), ''];
  const before = change.kind === 'patch' ? change.before : '';
  const diff = formatUnified(before, change.after, { labels: { a: change.path, b: change.path } });
  return [bold(`${change.kind} ${change.path}`), ...renderDiff(diff), ''];
}

/** The two parts of the final report. */
export function renderFixReport({ rows, nextSteps }: FixReport): string {
  const table = [
    '| Artifact | Status | Details |',
    '|---|---|---|',
    ...rows.map(
      ({ artifact, status, details }) =>
        `| ${fixArtifactTitles[artifact]} | ${status} | ${details.replaceAll('|', '\\|').replaceAll('\n', ' ')} |`,
    ),
  ];
  const steps =
    nextSteps.length > 0 ? nextSteps.map((step) => `- ${step}`) : ['No further action required.'];
  return text([...table, '', ...steps]);
}
