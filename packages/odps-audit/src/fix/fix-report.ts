import { artifactNames, type ArtifactName, type ArtifactReport } from '../artifact.js';
import { connectionCommand } from '../git/connection-request.js';
import { platforms } from '../templates/platforms.js';
import type { FixOutcome } from './apply-fix.js';
import type { FileChange } from './file-change.js';
import type { ConnectionChange, PlannedFix } from './plan-fix.js';

/** What became of an artifact, in the words of the specification. */
export type FixStatus = 'created' | 'updated' | 'already present' | 'deferred' | 'skipped';

export interface FixRow {
  readonly artifact: ArtifactName;
  readonly status: FixStatus;
  readonly details: string;
}

/** The two parts of the final report. */
export interface FixReport {
  readonly rows: readonly FixRow[];
  readonly nextSteps: readonly string[];
}

/** How the final report names the artifacts. */
export const fixArtifactTitles: Readonly<Record<ArtifactName, string>> = {
  odps: 'ODPS file',
  output_contracts: 'Output-port contracts',
  input_contracts: 'Input-port contracts',
  openlineage: 'OpenLineage transport',
  layout: 'Model layout',
  workflow: 'Publish workflow',
  git_connections: 'Git connections',
};

/** The final report of a fix. */
export function reportFix(plan: PlannedFix, outcome: FixOutcome): FixReport {
  const rows = artifactNames.map((artifact) =>
    artifact === 'git_connections'
      ? connectionRow(plan, outcome)
      : fileRow(artifact, plan, outcome),
  );
  return { rows, nextSteps: nextSteps(plan, outcome) };
}

function isFile(change: FileChange | ConnectionChange): change is FileChange {
  return 'artifact' in change;
}

function fileRow(
  artifact: Exclude<ArtifactName, 'git_connections'>,
  plan: PlannedFix,
  { written, skipped, failed }: FixOutcome,
): FixRow {
  const own = (change: FileChange | ConnectionChange) =>
    isFile(change) && change.artifact === artifact;
  const done = written.filter(own);
  const declined = skipped.filter(own).filter(isFile);
  const broken = failed.filter(({ change }) => own(change));
  const row = (status: FixStatus, details: string): FixRow => ({ artifact, status, details });
  if (declined.length > 0 && done.length === 0)
    return row('skipped', declined.map(({ path }) => path).join(', '));
  if (broken.length > 0)
    return row(
      'deferred',
      broken.map(({ change, reason }) => `${(change as FileChange).path}: ${reason}`).join('; '),
    );
  if (done.length > 0) {
    return row(
      done.some(({ kind }) => kind === 'create') ? 'created' : 'updated',
      detailsOf(artifact, done, plan),
    );
  }
  const byHand = plan.byHand.get(artifact);
  if (byHand)
    return row(
      'deferred',
      `by hand: ${byHand[0]!.message}${byHand.length > 1 ? `, and ${byHand.length - 1} more` : ''}`,
    );
  return row(
    'already present',
    presentDetails(plan.before.artifacts.find((one) => one.artifact === artifact)),
  );
}

function detailsOf(artifact: ArtifactName, done: readonly FileChange[], plan: PlannedFix): string {
  const paths = [
    ...new Set(
      done.map((change) =>
        change.kind === 'move' ? `${change.path} (was ${change.from})` : change.path,
      ),
    ),
  ];
  if (artifact !== 'output_contracts' && artifact !== 'input_contracts') return paths.join(', ');
  const all =
    plan.after.artifacts.find((one) => one.artifact === artifact)?.files.length ?? paths.length;
  return `${all} file(s) at ${paths.join(', ')}`;
}

function presentDetails(report: ArtifactReport | undefined): string {
  if (!report || report.files.length === 0) return '—';
  const paths = report.files.map(({ path }) => path);
  const isContracts =
    report.artifact === 'output_contracts' || report.artifact === 'input_contracts';
  return isContracts ? `${paths.length} file(s) at ${shorten(paths)}` : shorten(paths);
}

function shorten(paths: readonly string[]): string {
  return paths.length <= 3
    ? paths.join(', ')
    : `${paths.slice(0, 2).join(', ')} and ${paths.length - 2} more`;
}

function connectionRow(plan: PlannedFix, { registered, skipped, failed }: FixOutcome): FixRow {
  const row = (status: FixStatus, details: string): FixRow => ({
    artifact: 'git_connections',
    status,
    details,
  });
  const name = ({ subject }: { subject: ConnectionChange['subject'] }) => subject.id;
  const broken = failed.flatMap(({ change, reason }) =>
    isFile(change) ? [] : [`${name(change)}: ${reason}`],
  );
  const declined = skipped.filter((change): change is ConnectionChange => !isFile(change));
  if (broken.length > 0) return row('deferred', broken.join('; '));
  if (registered.length > 0)
    return row(
      registered.some(({ kind }) => kind === 'create') ? 'created' : 'updated',
      registered.map(name).join(', '),
    );
  if (declined.length > 0) return row('skipped', declined.map(name).join(', '));
  const [waiting] = plan.deferred;
  if (waiting) return row('deferred', waiting.reason);
  const report = plan.before.artifacts.find(({ artifact }) => artifact === 'git_connections');
  return report?.status === 'deferred'
    ? row('deferred', report.note.replace(/^deferred: /, ''))
    : row('already present', presentDetails(report));
}

function nextSteps(plan: PlannedFix, { written, failed, skipped }: FixOutcome): string[] {
  const created = (artifact: ArtifactName) =>
    written.filter((change) => change.artifact === artifact && change.kind === 'create');
  return [
    ...plan.deferred.map(
      ({ subject, request }) =>
        `After the first run of the workflow: \`${connectionCommand(subject, request)}\``,
    ),
    ...plan.ignored.map(
      (name) => `\`${name}\` among the answers is no placeholder, and was ignored.`,
    ),
    ...failed.flatMap(({ change, hint }) =>
      isFile(change)
        ? []
        : [`${hint ?? 'Then'}: \`${connectionCommand(change.subject, change.request)}\``],
    ),
    ...skipped.flatMap((change) =>
      isFile(change)
        ? []
        : [`Not registered: \`${connectionCommand(change.subject, change.request)}\``],
    ),
    ...(created('workflow').length > 0 ? [secretsStep(plan)] : []),
    ...created('output_contracts').flatMap((change) => contractStep(change)),
    ...(created('openlineage').length > 0
      ? [
          'Run `dbt-ol run` locally once to verify lineage flows to Entropy Data (requires `OPENLINEAGE__TRANSPORT__AUTH__APIKEY`).',
        ]
      : []),
    ...plan.refused.map(({ path, reason }) => `\`${path}\` was left as it is: ${reason}.`),
    ...[...plan.byHand.values()]
      .flat()
      .map(
        ({ path, range, message, hint }) =>
          `\`${path}${range ? `:${range.start.line}` : ''}\`: ${message}; ${hint}.`,
      ),
  ];
}

function secretsStep({ values }: PlannedFix): string {
  const platform = values.get('PLATFORM')?.value;
  const secrets =
    platform === undefined
      ? []
      : [...new Set(Object.values(platforms[platform as keyof typeof platforms].secrets))];
  return `Set GitHub repository secrets: \`ENTROPY_DATA_API_KEY\`, plus platform creds (${secrets.map((name) => `\`${name}\``).join(', ')}).`;
}

/** A contract that its template seeded says so by its columns. */
function contractStep(change: FileChange): string[] {
  if (change.kind !== 'create') return [];
  const names = [...change.after.matchAll(/^ {6}- name: (\S+)/gm)].map(([, name]) => name);
  const isSeed = names.length === 2 && names.includes('id') && names.includes('updated_at');
  if (isSeed)
    return [
      `Fill in the data contract schema in \`${change.path}\` — the template only seeds \`id\` and \`updated_at\`.`,
    ];
  return /logicalType:/.test(change.after)
    ? []
    : [`Add the types of the columns in \`${change.path}\`: the models declare none.`];
}
