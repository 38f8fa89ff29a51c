import { compareText } from '@holdfast/text';
import type { SchemaComparison } from '../schema/compare-schemas.js';
import type { ChangeSeverity } from '../schema/rules.js';
import {
  createToolComparer,
  type AnnotationChange,
  type TextChange,
  type ToolComparisonOptions,
} from './compare-tools.js';
import { findToolRenames } from './find-tool-renames.js';
import type { GapCause } from './gap-cause.js';
import { nameOfTool, type Catalog, type Tool } from './tool.js';

/** What became of one tool. */
export interface ToolChange {
  readonly server?: string;
  readonly name: string;
  readonly change: 'added' | 'removed' | 'renamed' | 'changed' | 'same';
  /** The name that it had, of one that seems renamed; `server/name` of one that seems to have moved. */
  readonly from?: string;
  readonly input?: SchemaComparison;
  readonly output?: SchemaComparison;
  readonly annotations?: readonly AnnotationChange[];
  readonly text?: readonly TextChange[];
  /** Why a live catalog differs, where that was asked and is known. */
  readonly cause?: GapCause;
}

/**
 * How many tools there are of a kind. The first four count each tool that is not the same once, by the most that its
 * changes weigh: one that was removed or renamed breaks, one that was added is an info.
 */
export interface CatalogSummary {
  readonly breaking: number;
  readonly warnings: number;
  readonly info: number;
  readonly unknown: number;
  readonly added: number;
  readonly removed: number;
  readonly renamed: number;
}

export interface CatalogComparison {
  readonly summary: CatalogSummary;
  /** By server and name; a renamed tool stands under its new name. */
  readonly tools: readonly ToolChange[];
}

export interface CatalogComparisonOptions extends ToolComparisonOptions {
  /** Look for renamed tools among those that were added and removed. Default true. */
  readonly renames?: boolean;
  /** Says why a tool differs. Default: nothing is said. */
  readonly explain?: (change: ToolChange) => GapCause | undefined;
}

/**
 * Compares two catalogs, tool by tool: by server and name, or by name alone where one of them knows no servers. The order
 * of tools does not count. Tools whose content is equal cost no more than their hash.
 */
export function compareCatalogs(
  before: Catalog,
  after: Catalog,
  options: CatalogComparisonOptions = {},
): CatalogComparison {
  const { renames = true, explain, ...rest } = options;
  const compare = createToolComparer(rest);
  const { pairs, removed, added } = matchTools(before.tools, after.tools);
  const kept = pairs.map(([, recent]) => recent);
  const found = renames ? findToolRenames(removed, added, kept) : [];
  const gone = new Set(found.map(({ from }) => from));
  const come = new Set(found.map(({ to }) => to));
  const changes: ToolChange[] = [
    ...pairs.map(([old, recent]) => ({ ...identityOf(recent), ...compare(old, recent) })),
    ...found.map(({ from, to }) => ({
      ...identityOf(to),
      ...compare(from, to),
      change: 'renamed' as const,
      from: from.server === to.server ? from.name : nameOfTool(from),
    })),
    ...removed
      .filter((tool) => !gone.has(tool))
      .map((tool) => ({ ...identityOf(tool), change: 'removed' as const })),
    ...added
      .filter((tool) => !come.has(tool))
      .map((tool) => ({ ...identityOf(tool), change: 'added' as const })),
  ];
  const tools = changes.sort(compareIdentity).map((change) => {
    const cause = change.change === 'same' ? undefined : explain?.(change);
    return cause === undefined ? change : { ...change, cause };
  });
  return { summary: summarise(tools), tools };
}

/** The most that the changes of a tool weigh; undefined of one that is the same. */
export function severityOfTool(tool: ToolChange): ChangeSeverity | undefined {
  if (tool.change === 'same') return undefined;
  if (tool.change === 'removed' || tool.change === 'renamed') return 'breaking';
  const severities = new Set<ChangeSeverity>([
    ...(tool.input?.changes ?? []).map(({ severity }) => severity),
    ...(tool.output?.changes ?? []).map(({ severity }) => severity),
    ...(tool.annotations ?? []).map(({ severity }) => severity),
    ...(tool.text ?? []).map(({ severity }) => severity),
  ]);
  return order.find((severity) => severities.has(severity)) ?? 'info';
}

const order = ['breaking', 'unknown', 'warning', 'info'] as const;

function summarise(tools: readonly ToolChange[]): CatalogSummary {
  const severities = Map.groupBy(tools, severityOfTool);
  const changes = Map.groupBy(tools, ({ change }) => change);
  const count = (list: readonly ToolChange[] | undefined): number => list?.length ?? 0;
  return {
    breaking: count(severities.get('breaking')),
    warnings: count(severities.get('warning')),
    info: count(severities.get('info')),
    unknown: count(severities.get('unknown')),
    added: count(changes.get('added')),
    removed: count(changes.get('removed')),
    renamed: count(changes.get('renamed')),
  };
}

function matchTools(
  before: readonly Tool[],
  after: readonly Tool[],
): { pairs: [Tool, Tool][]; removed: Tool[]; added: Tool[] } {
  const hasServers = [before, after].every((tools) =>
    tools.every(({ server }) => server !== undefined),
  );
  const keyOf = ({ server, name }: Tool): string =>
    hasServers ? JSON.stringify([server, name]) : name;
  const left = new Map<string, Tool[]>();
  for (const tool of after) {
    const known = left.get(keyOf(tool));
    if (known === undefined) left.set(keyOf(tool), [tool]);
    else known.push(tool);
  }
  const pairs: [Tool, Tool][] = [];
  const removed: Tool[] = [];
  for (const tool of before) {
    const other = left.get(keyOf(tool))?.shift();
    if (other === undefined) removed.push(tool);
    else pairs.push([tool, other]);
  }
  return { pairs, removed, added: [...left.values()].flat() };
}

function identityOf({ server, name }: Tool): Pick<ToolChange, 'server' | 'name'> {
  return server === undefined ? { name } : { server, name };
}

function compareIdentity(left: ToolChange, right: ToolChange): number {
  return compareText(left.server ?? '', right.server ?? '') || compareText(left.name, right.name);
}
