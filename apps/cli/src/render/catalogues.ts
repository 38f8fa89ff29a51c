import type { ModelComparison } from '@holdfast/catalog-diff/models';
import type { CatalogueDrift, PulledFile, PushedFile } from '@holdfast/sync';
import type { DeliveredReport, PulledCatalogue, PushReport } from '../catalogue-reports.js';
import { describeMeaning } from '@holdfast/sync';
import { renderError } from '../describe-error.js';
import type { ErrorDocument } from '../describe-error.js';
import { dim, green, red, yellow } from '../markup.js';
import { count, indent, text } from './words.js';

const LISTED_FILES = 60;

/** What `holdfast pull` says. */
export function renderPulled(pulled: readonly PulledCatalogue[]): string {
  return text(pulled.flatMap(renderOne));
}

function renderOne(pulled: PulledCatalogue): string[] {
  const { name } = pulled;
  if (pulled.outcome === 'failed')
    return [`${name}  ${red('FAILED')}`, ...renderError(pulled.error).trimEnd().split('\n')];
  const { outcome, commit, total, files, semantic, committed, problems } = pulled;
  const told = indent(
    problems.map((problem) => yellow(`! ${problem}`)),
    2,
  );
  const short = commit.slice(0, 12);
  const kept = files.filter(({ outcome: one }) => one === 'edited' || one === 'deleted');
  if (outcome === 'current') {
    const own = kept.length > 0 ? `, ${count(kept.length, 'local edit')}` : '';
    const line = `${name}  ${green('current')} ${dim(`(${short}, ${count(total, 'file')}${own})`)}`;
    return [line, ...told];
  }
  const words = {
    pulled: green('pulled'),
    conflicted: red('conflicts'),
    'would-change': yellow('would change'),
  };
  const listed = files.filter((file) => !kept.includes(file));
  return [
    `${name}  ${words[outcome]} ${dim(`(${short}, ${count(total, 'file')})`)}`,
    ...indent(listFiles(listed, renderPulledFile), 2),
    ...(kept.length > 0
      ? indent([dim(`${count(kept.length, 'local edit')} kept; holdfast push brings them back`)], 2)
      : []),
    ...told,
    ...indent(
      (semantic?.changes ?? []).map(({ sentence }) => `• ${sentence}`),
      2,
    ),
    ...(committed === undefined ? [] : indent([`committed ${committed.slice(0, 12)}`], 2)),
    ...(outcome === 'conflicted'
      ? indent(['decide, take the markers away, and pull again'], 2)
      : []),
  ];
}

function listFiles<File>(files: readonly File[], render: (file: File) => string): string[] {
  const more = files.length - LISTED_FILES;
  return [
    ...files.slice(0, LISTED_FILES).map(render),
    ...(more > 0 ? [dim(`… ${count(more, 'more file')}`)] : []),
  ];
}

function renderPulledFile({ path, outcome, conflicts, reason }: PulledFile): string {
  const places = conflicts?.map(({ start, end }) => `${start}–${end}`).join(', ');
  const note = reason ?? (places === undefined ? undefined : `lines ${places}`);
  const suffix = note === undefined ? '' : `  ${dim(note)}`;
  switch (outcome) {
    case 'added':
    case 'restored':
      return `${green(`+ ${path}`)}${suffix}`;
    case 'removed':
      return `${red(`- ${path}`)}${suffix}`;
    case 'conflicted':
    case 'unresolved':
      return `${red(`! ${path}`)}${suffix}`;
    case 'updated':
    case 'merged':
      return `${yellow(`~ ${path}`)}${outcome === 'merged' ? `  ${dim('merged with the edit here')}` : ''}`;
    case 'edited':
    case 'deleted':
    case 'unchanged':
      return dim(`· ${path}`);
  }
}

/** What `holdfast push` says. */
export function renderPush(report: PushReport): string {
  const { name, outcome, files, problems, request, title, branch, base } = report;
  const shown = files.filter(({ outcome: one }) => one !== 'there');
  const head: Record<PushReport['outcome'], string> = {
    nothing: `${name}  ${green('nothing to push')}`,
    planned: `${name}  ${yellow('would push')}`,
    refused: `${name}  nothing was pushed; --yes pushes without asking`,
    invalid: `${name}  ${red('invalid')}; nothing was pushed`,
    blocked: `${name}  ${red('blocked')}; nothing was pushed`,
    opened: `${name}  ${green(`opened #${request?.number ?? ''}`)}`,
    updated: `${name}  ${green(`updated #${request?.number ?? ''}`)}`,
    unchanged: `${name}  ${green(`#${request?.number ?? ''} holds this already`)}`,
    'foreign-commits': `${name}  ${red(`${branch} bears commits of others; it is left alone`)}`,
  };
  return text([
    head[outcome],
    ...(shown.length === 0 ? [] : indent([title, dim(`${branch} → ${base}`)], 2)),
    ...indent(listFiles(shown, renderPushedFile), 2),
    ...indent(
      report.semantic.changes.map(({ sentence }) => `• ${sentence}`),
      2,
    ),
    ...indent(
      problems.map((problem) => red(`! ${problem}`)),
      2,
    ),
  ]);
}

function renderPushedFile({ path, source, outcome, reason }: PushedFile): string {
  const note = reason === undefined ? '' : `  ${dim(reason)}`;
  const place = `${path} ${dim(`→ ${source}`)}`;
  switch (outcome) {
    case 'added':
      return `${green('+')} ${place}${note}`;
    case 'removed':
      return `${red('-')} ${place}${note}`;
    case 'conflicted':
    case 'irreversible':
      return `${red('!')} ${place}${note}`;
    case 'modified':
    case 'merged':
    case 'there':
      return `${yellow('~')} ${place}${note}`;
  }
}

/** What `holdfast push` says of the targets of a rule. */
export function renderDeliveredPush(rule: string, reports: readonly DeliveredReport[]): string {
  if (reports.length === 0) return `${rule}  ${dim('has no target')}\n`;
  return reports
    .map((report) => {
      const name = `${rule} ${report.target}`;
      if (report.outcome === 'failed')
        return text([
          `${name}  ${red('FAILED')}`,
          ...renderError(report.error).trimEnd().split('\n'),
        ]);
      if (report.outcome === 'never-synced') return text([`${name}  ${dim('never synced')}`]);
      return renderPush({ ...report, name });
    })
    .join('');
}

/** What `holdfast semantic-diff` says. */
export function renderMeaning(
  meaning: ModelComparison,
  { from, to }: { readonly from: string; readonly to: string },
): string {
  if (meaning.changes.length === 0) return `nothing changed in meaning from ${from} to ${to}\n`;
  return text([
    ...describeMeaning(meaning).map((line, index) => {
      const severity = meaning.changes[index]?.severity;
      return severity === 'breaking' ? red(line) : line;
    }),
    '',
    `${count(meaning.changes.length, 'change')} in meaning from ${from} to ${to}: ${meaning.verdict}`,
  ]);
}

/** One catalogue in `holdfast drift`. */
export type CatalogueDriftItem = { readonly name: string } & (
  CatalogueDrift | { readonly kind: 'failed'; readonly error: ErrorDocument }
);

/** What `holdfast drift` says of catalogues; one alone is told without its name, as the specification shows. */
export function renderCatalogueDrift(items: readonly CatalogueDriftItem[]): string {
  return text(
    items.flatMap((item) => {
      const head = items.length > 1 ? `${item.name}  ` : '';
      switch (item.kind) {
        case 'failed':
          return [`${head}${red('FAILED')}`, ...renderError(item.error).trimEnd().split('\n')];
        case 'never-pulled':
          return [`${head}${dim('NEVER_PULLED')}: holdfast pull ${item.name}`];
        case 'in-sync':
          return [`${head}${green('IN_SYNC:')} ${item.commit}`];
        case 'drifted': {
          const { local, upstream, commit, remote } = item;
          const parts = [
            ...(local.length > 0 ? [`${count(local.length, 'file')} edited here`] : []),
            ...(upstream.length > 0
              ? [`${count(upstream.length, 'file')} moved in the source`]
              : []),
          ];
          return [
            `${head}${red('DRIFTED:')} ${parts.join(', ')} ${dim(`(${commit.slice(0, 12)}, source ${remote.slice(0, 12)})`)}`,
            ...indent(
              [
                ...listFiles(
                  local,
                  ({ path, state }) => `${yellow(`~ ${path}`)}  ${dim(`${state} here`)}`,
                ),
                ...listFiles(
                  upstream,
                  ({ path, state }) => `${yellow(`↓ ${path}`)}  ${dim(`${state} in the source`)}`,
                ),
              ],
              4,
            ),
          ];
        }
      }
    }),
  );
}
