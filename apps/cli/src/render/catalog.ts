import type { CatalogComparison, HistoryComparison, ToolChange } from '@holdfast/catalog-diff';
import { formatComparison } from '@holdfast/catalog-diff';
import type { PhaseState } from '@holdfast/catalog-diff/adopt';
import type { Origin } from '@holdfast/catalog-diff/render';
import type {
  DiscoveredServer,
  LiveDescriptors,
  ToolStatus,
} from '@holdfast/catalog-diff/snapshots';
import { visible } from '@holdfast/findings';
import type { PlannedRender } from './planned-render.js';
import { bold } from '../markup.js';
import { renderFinding } from './findings.js';
import { alignCells, renderTable } from './table.js';

function lines(...parts: (string | readonly string[])[]): string {
  return `${parts.flat().join('\n')}\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function renderCapture(
  { servers }: LiveDescriptors,
  problems: readonly string[],
  path: string,
): string {
  const rows = servers.map(
    ({ name, health, tools, protocolVersion = '–', durationMs, error, problems: own }) => [
      visible(name),
      health,
      `${tools.length}`,
      protocolVersion,
      `${durationMs} ms`,
      visible(error ?? own.join('; ')).slice(0, 160),
    ],
  );
  return lines(
    renderTable(['server', 'health', 'tools', 'protocol', 'time', ''], rows),
    '',
    ...problems.map((problem) => `not asked: ${visible(problem)}`),
    `Written to ${path}`,
  );
}

export function renderRendered(
  { catalog, status, findings }: PlannedRender,
  {
    isChanged,
    isRefused,
    path,
    comparison,
  }: {
    readonly isChanged: boolean;
    readonly isRefused: boolean;
    readonly path: string;
    readonly comparison: CatalogComparison | undefined;
  },
): string {
  const { tools, hidden, disabled } = catalog;
  const head = `${count(tools.length, 'tool')}, ${hidden.length} hidden, ${disabled.length} disabled`;
  const written = isRefused
    ? 'Not written: correct the errors first.'
    : isChanged
      ? `Written to ${path}`
      : `Unchanged: ${path}`;
  const waiting = status.tools.filter(({ state }) => state !== 'validated');
  const drift = comparison?.tools.some(({ change }) => change !== 'same')
    ? ['', bold('Against the live catalog'), formatComparison(comparison).trimEnd()]
    : comparison !== undefined
      ? ['The live catalog is as intended.']
      : [];
  return lines(
    ...findings.map(renderFinding),
    head,
    waiting.length > 0
      ? `${count(waiting.length, 'schema')} not validated yet: holdfast catalog status --pending-only`
      : [],
    written,
    drift,
  );
}

export function renderHistory({ oldestBroken, comparisons }: HistoryComparison): string {
  const rows = comparisons.map(({ id, comparison: { summary } }) => [
    id,
    summary.breaking > 0 ? 'breaks' : summary.unknown > 0 ? 'unknown' : 'compatible',
    `${summary.breaking}`,
    `${summary.warnings}`,
  ]);
  if (rows.length === 0) return 'No catalog is retained yet.\n';
  return lines(
    renderTable(['since', 'verdict', 'breaking', 'warnings'], rows),
    '',
    oldestBroken === undefined
      ? 'Breaks none of them.'
      : `The oldest one that breaks: ${oldestBroken}`,
  );
}

export function renderStatuses(
  tools: readonly ToolStatus[],
  { settled, pendingOnly }: { readonly settled: number; readonly pendingOnly: boolean },
): string {
  if (tools.length === 0)
    return pendingOnly
      ? 'No schema is pending or failed.\n'
      : `No schema is being adopted, ${settled} settled.\n`;
  const rowOf = ({
    server,
    tool,
    state,
    schema,
    successes,
    failures,
    attempts,
    lastError,
    lastDiff,
    heldBack,
  }: ToolStatus) => [
    visible(`${server}/${tool}`),
    state,
    schema.input?.slice(0, 12) ?? '–',
    `${successes}/${failures}/${attempts}`,
    visible(
      [heldBack && `holds back ${heldBack.input?.slice(0, 12) ?? 'none'}`, lastError, lastDiff]
        .filter(Boolean)
        .join('; '),
    ).slice(0, 120),
  ];
  const head = ['tool', 'state', 'schema', 'valid/invalid/tried', ''];
  const free = tools.filter(({ locked }) => !locked);
  const locked = tools.filter((tool) => tool.locked);
  return lines(
    free.length > 0 ? renderTable(head, free.map(rowOf)) : [],
    locked.length > 0
      ? [
          ...(free.length > 0 ? [''] : []),
          bold('Locked: a person has to act (holdfast catalog approve TOOL)'),
          ...renderTable(head, locked.map(rowOf)),
        ]
      : [],
    '',
    `${count(settled, 'settled schema')} besides.`,
  );
}

export function renderPhase(
  { phase, name, criterion, holds, reason }: PhaseState,
  { emitLive, useIntended }: { readonly emitLive: boolean; readonly useIntended: boolean },
): string {
  return lines(
    `${bold(`Phase ${phase}: ${name}`)} (HOLDFAST_EMIT_LIVE_CATALOG=${emitLive ? 1 : 0}, HOLDFAST_USE_INTENDED_CATALOG=${useIntended ? 1 : 0})`,
    `ends when ${criterion}`,
    `${holds === true ? 'holds' : holds === false ? 'does not hold yet' : 'not known'}: ${reason}`,
  );
}

export function renderTimeline(
  tool: string,
  timeline: readonly { at: string; isThere: boolean; changes: readonly ToolChange[] }[],
  status: ToolStatus | undefined,
): string {
  const rows = timeline.map(({ at, isThere, changes }, index) => {
    const [change] = changes;
    const verdicts = [
      change?.input && `input ${change.input.verdict}`,
      change?.output && `output ${change.output.verdict}`,
    ];
    const said =
      change === undefined
        ? index === 0
          ? isThere
            ? 'is there'
            : 'is not there'
          : 'same'
        : [change.change, change.from && `from ${change.from}`, ...verdicts]
            .filter(Boolean)
            .join(', ');
    return [at, visible(said)];
  });
  return lines(
    bold(visible(tool)),
    alignCells(rows),
    status === undefined ? [] : `now ${status.state}, ${status.approved.length} approved before`,
  );
}

export function renderList(
  tools: readonly { server?: string; name: string; description?: string }[],
): string {
  if (tools.length === 0) return 'No tools.\n';
  const rows = tools.map(({ server = '', name, description = '' }) => [
    visible(server),
    visible(name),
    visible(description.split('\n')[0] ?? '').slice(0, 80),
  ]);
  return lines(renderTable(['server', 'tool', ''], rows), '', count(tools.length, 'tool'));
}

export function renderWhy(
  tools: readonly {
    server: string;
    tool: string;
    name: string;
    health: string;
    enabled: boolean;
    hidden: boolean;
    reason?: string;
    origins: readonly Origin[];
  }[],
  aggregates: readonly { name: string; origin: string; operations: readonly string[] }[],
  sources: readonly string[],
): string {
  const parts = tools.flatMap(
    ({ server, tool, name, health, enabled, hidden, reason, origins }) => [
      bold(visible(`${server}/${tool}`)),
      `  described by the server ${visible(server)} (${health})`,
      ...origins.map(({ origin, level, keys }) => `  ${keys.join(', ')} from ${origin} (${level})`),
      ...(name === tool ? [] : [`  shown as ${visible(name)}`]),
      ...(enabled ? [] : ['  disabled']),
      ...(hidden ? [`  hidden${reason === undefined ? '' : `: ${visible(reason)}`}`] : []),
      '',
    ],
  );
  const made = aggregates.flatMap(({ name, origin, operations }) => [
    bold(visible(name)),
    `  aggregate of ${origin}: ${visible(operations.join(', '))}`,
    '',
  ]);
  return lines(
    parts,
    made,
    sources.length === 0
      ? 'No file overrides anything.'
      : ['Read, the last one wins:', ...sources.map((origin) => `  ${origin}`)],
  );
}

export function renderDiscovered(
  servers: readonly DiscoveredServer[],
  problems: readonly string[],
  path: string,
): string {
  const rows = servers.map(({ name, client, transport, command, url, file }) => [
    visible(name),
    client,
    transport,
    visible(command ?? url ?? ''),
    visible(file),
  ]);
  return lines(
    rows.length === 0
      ? 'No servers found.'
      : renderTable(['server', 'client', 'transport', 'at', 'from'], rows),
    '',
    ...problems.map((problem) => `not read: ${visible(problem)}`),
    `Written to ${path}; deleting it starts anew.`,
  );
}

export function renderVerified({
  planned,
  comparison,
  failures,
  isDriftPassed,
  kept,
  down,
}: {
  readonly planned: PlannedRender;
  readonly comparison: CatalogComparison;
  readonly failures: readonly ToolStatus[];
  readonly isDriftPassed: boolean;
  readonly kept: string | undefined;
  readonly down: number;
}): string {
  const errors = planned.findings.filter(({ severity }) => severity === 'error');
  const gaps = comparison.tools.filter(({ change }) => change !== 'same').length;
  const stages = [
    ['render', errors.length === 0 ? 'ok' : `${count(errors.length, 'error')}`],
    ['servers', down === 0 ? 'ok' : `${down} did not answer`],
    [
      'parity',
      gaps === 0
        ? 'ok'
        : `${count(gaps, 'gap')}${isDriftPassed ? ', allowed by HOLDFAST_ALLOW_LIVE_DRIFT' : ''}`,
    ],
    ['adoption', failures.length === 0 ? 'ok' : `${failures.length} failed`],
  ];
  return lines(
    alignCells(stages),
    ...planned.findings.map(renderFinding),
    ...failures.map(
      ({ server, tool, schema, lastError = 'no error is known', lastDiff }) =>
        `${visible(`${server}/${tool}`)} failed with the schema ${schema.input?.slice(0, 12) ?? '–'}: ${visible(lastError)}${lastDiff === undefined ? '' : ` (${visible(lastDiff)})`}; approve it, retry it, or correct the server`,
    ),
    gaps > 0 ? ['', formatComparison(comparison).trimEnd(), '', `Kept in ${kept}`] : [],
  );
}
