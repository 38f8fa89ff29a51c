import { codeSpan, escapeMarkdown, visible } from '@holdfast/findings';
import {
  severityOfTool,
  type CatalogComparison,
  type ToolChange,
} from '../catalog/compare-catalogs.js';
import { nameOfTool } from '../catalog/tool.js';
import type { SchemaChange, SchemaComparison } from '../schema/compare-schemas.js';
import type { Json } from '../schema/json.js';
import type { ChangeSeverity, Direction } from '../schema/rules.js';

export interface FormatOptions {
  /** Most tools, and most lines of a tool, that are listed; the rest is counted. Default 200. */
  readonly maxListed?: number;
}

const labels = {
  breaking: 'BREAKS',
  unknown: 'UNKNOWN',
  warning: 'warning',
  info: 'info',
} as const;
const weights: readonly ChangeSeverity[] = ['breaking', 'unknown', 'warning', 'info'];

/**
 * A comparison for people: one sentence on whether anything breaks, with a call that does, then a table for each tool
 * that differs, the worst first. Bounded, without control characters.
 */
export function formatComparison(
  comparison: CatalogComparison,
  { maxListed = 200 }: FormatOptions = {},
): string {
  const differing = sortByWeight(comparison.tools);
  const lines = [headline(comparison), ...commonReasons(comparison), ''];
  for (const tools of together(differing.slice(0, maxListed))) {
    const told = tools.length > 1 ? groupLines(tools) : toolLines(tools[0]!, maxListed);
    for (const line of [...told, '']) lines.push(line);
  }
  if (differing.length > maxListed)
    lines.push(`… and ${differing.length - maxListed} more tools`, '');
  return `${lines.join('\n').trimEnd()}\n`;
}

/** The same for a change request or an issue, in Markdown; no text of a tool acts on the forge. */
export function formatComparisonMarkdown(
  comparison: CatalogComparison,
  { maxListed = 100 }: FormatOptions = {},
): string {
  const differing = sortByWeight(comparison.tools);
  const reasons = commonReasons(comparison).map(escapeMarkdown);
  const lines = [`**${escapeMarkdown(headline(comparison))}**`, ...reasons, ''];
  if (differing.length > 0) lines.push('| tool | | what | example |', '| --- | --- | --- | --- |');
  for (const tool of differing.slice(0, maxListed)) {
    const rows = rowsOf(tool).slice(0, maxListed);
    for (const [at, { severity, text, example }] of rows.entries()) {
      const name = at === 0 ? codeSpan(titleOf(tool)) : '';
      const shown = example === undefined ? '' : codeSpan(example);
      const cells = [
        name,
        severity === 'breaking' ? '**breaks**' : severity,
        escapeMarkdown(text),
        shown,
      ];
      lines.push(`| ${cells.map(cellOf).join(' | ')} |`);
    }
  }
  if (differing.length > maxListed)
    lines.push('', `… and ${differing.length - maxListed} more tools.`);
  return `${lines.join('\n').trimEnd()}\n`;
}

/** One schema comparison for people. */
export function formatSchemaComparison(
  { verdict, changes }: SchemaComparison,
  direction: Direction,
): string {
  const heads = {
    compatible: 'Compatible: whatever passed before passes now.',
    breaking: 'Breaking: some value passed before and fails now.',
    unknown: 'Not decided.',
  };
  const outputHeads = {
    compatible: 'Compatible: nothing comes that could not come before.',
    breaking: 'Breaking: a value may come that could not come before.',
    unknown: 'Not decided.',
  };
  const rows = changes.map((change) => rowOfChange(change, undefined));
  return `${[(direction === 'input' ? heads : outputHeads)[verdict], ...table(rows)].join('\n')}\n`;
}

/** Whether anything breaks, in one line. */
function headline(comparison: CatalogComparison): string {
  return visible(summarise(comparison));
}

function summarise({ summary, tools }: CatalogComparison): string {
  const differing = tools.filter(({ change }) => change !== 'same').length;
  if (differing === 0) return `No difference: ${count(tools.length, 'tool')}.`;
  const counts = [
    summary.added > 0 && `${summary.added} added`,
    summary.removed > 0 && `${summary.removed} removed`,
    summary.renamed > 0 && `${summary.renamed} renamed`,
    summary.unknown > 0 && `${summary.unknown} not decided`,
    summary.warnings > 0 && count(summary.warnings, 'warning'),
  ].filter((part) => part !== false);
  const rest = counts.length > 0 ? ` (${counts.join(', ')})` : '';
  if (summary.breaking === 0) {
    const verb = summary.unknown > 0 ? 'Nothing is known to break' : 'Nothing breaks';
    return `${verb}: ${differing} of ${count(tools.length, 'tool')} differ${rest}.`;
  }
  return `Breaks: ${summary.breaking} of ${count(tools.length, 'tool')}${rest}. ${exampleSentence(tools)}`.trimEnd();
}

/** A call that fails now, or an answer that could not come before. */
function exampleSentence(tools: readonly ToolChange[]): string {
  const gone = tools.find(({ change }) => change === 'removed' || change === 'renamed');
  const sentences = gone === undefined ? [] : [goneSentence(gone)];
  const named = tools.filter(({ change }) => change !== 'renamed');
  for (const tool of named) {
    const shown = shortest(tool.input?.changes);
    if (shown === undefined) continue;
    const call = callOf(tool, shown.witness!);
    return [...sentences, `For example ${call} was accepted and is refused now.`].join(' ');
  }
  if (gone !== undefined) return sentences.join(' ');
  for (const tool of tools) {
    const shown = shortest(tool.output?.changes);
    if (shown !== undefined)
      return `For example ${nameOfTool(tool)} may answer ${shorten(shown.witness!)}, which it could not before.`;
  }
  return '';
}

function goneSentence(tool: ToolChange): string {
  return tool.change === 'renamed'
    ? `Every call of ${tool.from} fails: it seems to be ${nameOfTool(tool)} now.`
    : `Every call of ${nameOfTool(tool)} fails: ${tool.cause?.message ?? 'the tool is gone'}.`;
}

/** What breaks more than one tool in the same words: the reader need not go through them all. */
function commonReasons({ tools }: CatalogComparison): string[] {
  const counts = new Map<string, number>();
  for (const tool of tools) {
    if (tool.change === 'same') continue;
    const broken = rowsOf(tool).filter(({ severity }) => severity === 'breaking');
    for (const text of new Set(broken.map((row) => row.text)))
      counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, number]) => number > 1)
    .sort(([, left], [, right]) => right - left)
    .slice(0, 3)
    .map(([text, number]) => `In ${number} tools: ${visible(text)}.`);
}

/** The change that breaks with the shortest witness. */
function shortest(changes: readonly SchemaChange[] = []): SchemaChange | undefined {
  const length = ({ witness }: SchemaChange): number => JSON.stringify(witness).length;
  return changes
    .filter(({ severity, witness }) => severity === 'breaking' && witness !== undefined)
    .sort((left, right) => length(left) - length(right))[0];
}

interface Row {
  severity: ChangeSeverity;
  where: string;
  text: string;
  example?: string;
}

function toolLines(tool: ToolChange, maxListed: number): string[] {
  const rows = rowsOf(tool);
  const severity = severityOfTool(tool)!;
  const head = `${visible(titleOf(tool))}  ${labels[severity]}`;
  const cause = tool.cause === undefined ? [] : [`  because ${visible(tool.cause.message)}`];
  const more = rows.length > maxListed ? [`  … and ${rows.length - maxListed} more`] : [];
  return [head, ...cause, ...table(rows.slice(0, maxListed)), ...more];
}

/** Fewer tools that came or went for the same reason are listed one by one. */
const leastTogether = 4;

/** Tools that came or went, those of one server and cause in one group; every other one is a group of its own. */
function together(tools: readonly ToolChange[]): ToolChange[][] {
  const keyOf = ({ change, server, name, from, cause }: ToolChange): string =>
    change === 'added' || change === 'removed'
      ? JSON.stringify([change, server, cause?.message])
      : JSON.stringify([change, server, name, from, 'alone']);
  return [...Map.groupBy(tools, keyOf).values()].flatMap((group) =>
    group.length >= leastTogether ? [group] : group.map((tool) => [tool]),
  );
}

function groupLines(tools: readonly ToolChange[]): string[] {
  const [first] = tools;
  const { server, change, cause } = first!;
  const of = server === undefined ? '' : ` of ${server}`;
  const head = `${tools.length} tools${of} (${change})  ${labels[severityOfTool(first!)!]}`;
  return [
    visible(head),
    ...(cause === undefined ? [] : [`  because ${visible(cause.message)}`]),
    ...wrapped(tools.map(({ name }) => visible(name))),
  ];
}

/** Names, a few a line. */
function wrapped(names: readonly string[]): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length < 96)
      lines.push(`${lines.pop()!}, ${name}`);
    else {
      if (last !== undefined) lines.push(`${lines.pop()!},`);
      lines.push(`  ${name}`);
    }
  }
  return lines;
}

function titleOf(tool: ToolChange): string {
  const name = nameOfTool(tool);
  switch (tool.change) {
    case 'renamed':
      return `${tool.from} → ${name} (renamed, as it seems)`;
    case 'added':
    case 'removed':
      return `${name} (${tool.change})`;
    default:
      return name;
  }
}

function table(rows: readonly Row[]): string[] {
  const label = Math.max(0, ...rows.map(({ severity }) => labels[severity].length));
  const where = Math.min(72, Math.max(0, ...rows.map((row) => row.where.length)));
  return rows.flatMap((row) => {
    const head = `  ${labels[row.severity].padEnd(label)}  ${visible(row.where).padEnd(where)}  ${visible(row.text)}`;
    const indent = ' '.repeat(4 + label);
    return [head, ...(row.example === undefined ? [] : [`${indent}  ${visible(row.example)}`])];
  });
}

function rowsOf(tool: ToolChange): Row[] {
  const schemas = [
    ...(tool.input?.changes ?? []).map((change) => rowOfChange(change, 'input', tool)),
    ...(tool.output?.changes ?? []).map((change) => rowOfChange(change, 'output', tool)),
  ];
  const others: Row[] = [
    ...(tool.annotations ?? []).map(({ severity, message, security }) => ({
      severity,
      where: 'annotations',
      text: security ? `security: ${message}` : message,
    })),
    ...(tool.text ?? []).map(({ severity, message }) => ({
      severity,
      where: 'text',
      text: message,
    })),
  ];
  const own: Row[] =
    tool.change === 'removed' || tool.change === 'renamed'
      ? [{ severity: 'breaking', where: 'tool', text: 'calls by the old name fail now' }]
      : tool.change === 'added'
        ? [{ severity: 'info', where: 'tool', text: 'is new' }]
        : [];
  return [...own, ...schemas, ...others].sort(
    (left, right) => weights.indexOf(left.severity) - weights.indexOf(right.severity),
  );
}

function rowOfChange(
  { severity, path, message, witness }: SchemaChange,
  direction: Direction | undefined,
  tool?: ToolChange,
): Row {
  const where = `${direction ?? ''}${path === '' ? '' : `${direction === undefined ? '' : ' '}${path}`}`;
  if (witness === undefined) return { severity, where, text: message };
  const example =
    tool === undefined
      ? `e.g. ${shorten(witness)}`
      : direction === 'input'
        ? `call that breaks${tool.change === 'renamed' ? ' by the new name too' : ''}: ${callOf(tool, witness)}`
        : `answer that may come: ${shorten(witness)}`;
  return { severity, where, text: message, example };
}

function callOf(tool: ToolChange, witness: Json): string {
  return `${nameOfTool(tool)}(${shorten(witness)})`;
}

function shorten(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
}

function sortByWeight(tools: readonly ToolChange[]): ToolChange[] {
  return tools
    .filter(({ change }) => change !== 'same')
    .sort(
      (left, right) =>
        weights.indexOf(severityOfTool(left)!) - weights.indexOf(severityOfTool(right)!),
    );
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A cell has one line, and no bar of its own. */
function cellOf(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('|', '\\|');
}
