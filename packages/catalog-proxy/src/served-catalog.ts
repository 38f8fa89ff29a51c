import { canonicalJson, type Json } from '@holdfast/catalog-diff';
import {
  overrideTool,
  renderCatalog,
  type AggregateOperation,
  type Aggregation,
  type RenderSource,
} from '@holdfast/catalog-diff/render';
import {
  hashSchemas,
  type DescribedServer,
  type IntendedCatalog,
  type IntendedTool,
  type LiveCatalog,
  type LiveDescriptors,
  type SchemaHashes,
  type ToolStatus,
} from '@holdfast/catalog-diff/snapshots';
import type { KnownSchemas, ToolSchemas } from './known-schemas.js';

/** Which of the fallbacks a schema is: what the server declares, the one before, or the generic wrapper. */
export type SchemaSource = 'declared' | 'previous' | 'generic';

/** How a tool of a server is called, and which schemas its callers may go by. */
export interface ToolRoute {
  readonly kind: 'tool';
  readonly server: string;
  readonly tool: string;
  /** The hashes of what the server describes now; adoption goes by them. */
  readonly hashes: SchemaHashes;
  /** What the server describes now, after overrides. */
  readonly declared: ToolSchemas;
  /** What callers went by before, after overrides; absent where nothing else is known. */
  readonly previous?: ToolSchemas & { readonly hashes: SchemaHashes };
  readonly servedAs: SchemaSource;
}

/** How an aggregate is called. */
export interface AggregateRoute {
  readonly kind: 'aggregate';
  readonly name: string;
  readonly selectorField: string;
  readonly isCaseInsensitive: boolean;
  readonly timeoutMs: number;
  readonly operations: readonly (AggregateOperation & { readonly route: ToolRoute })[];
}

/** A tool that is not served, and why. */
export interface Withheld {
  readonly server: string;
  readonly tool: string;
  readonly cause: 'health' | 'gone' | 'not-configured';
  readonly reason: string;
}

/** What a proxy serves at one moment. */
export interface ServedCatalog {
  readonly live: LiveCatalog;
  /** The result of `tools/list`: the tools of the live catalog, as clients get them. */
  readonly tools: readonly object[];
  /** What is called by each name. */
  readonly routes: ReadonlyMap<string, ToolRoute | AggregateRoute>;
  readonly withheld: readonly Withheld[];
  /** The server, and why it is away, by the names of tools that are withheld for its health alone. */
  readonly away: ReadonlyMap<string, Withheld>;
  readonly hidden: number;
  readonly disabled: number;
  /** Tools whose words, by now, are other than those that were adopted, which are served. */
  readonly pendingTexts: readonly { readonly server: string; readonly tool: string }[];
}

export interface ServeInput {
  readonly descriptors: LiveDescriptors;
  readonly sources: readonly RenderSource[];
  /** What to serve; undefined works it out from descriptors and sources, as a render does. */
  readonly intended?: IntendedCatalog | undefined;
  /** The catalog whose words count until a render takes new ones in. */
  readonly adoptedTexts?: IntendedCatalog | undefined;
  readonly statusOf: (server: string, tool: string) => ToolStatus | undefined;
  readonly known: KnownSchemas;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** What callers see of a tool none of whose schemas works: anything goes in, and what comes is in `result`. */
export const genericInput = { type: 'object' } as const;
export const genericOutput = {
  type: 'object',
  properties: { result: {} },
  required: ['result'],
} as const;

interface Described {
  readonly health: DescribedServer['health'];
  readonly error: string | undefined;
  readonly tools: ReadonlyMap<string, Tool>;
}

type Tool = { readonly [name: string]: Json } & ToolSchemas & { readonly name: string };

const maxTimeoutMs = 24 * 3_600_000;

/**
 * Works out what is served: of the intended tools those whose servers answer and have them, each with the schema that has
 * been adopted, or with a fallback where it has failed.
 */
export function serveCatalog(input: ServeInput): ServedCatalog {
  const { descriptors, sources, at } = input;
  const rendered = renderCatalog(sources, descriptors).catalog;
  const intended = input.intended ?? rendered;
  const servers = new Map(descriptors.servers.map((server) => [server.name, readServer(server)]));
  const adopted = new Map(
    (input.adoptedTexts?.tools ?? []).flatMap((tool) =>
      tool.source === undefined ? [] : [[keyOf(tool.source), tool] as const],
    ),
  );
  const present = new Map(
    rendered.tools.flatMap((tool) =>
      tool.source === undefined ? [] : [[keyOf(tool.source), tool] as const],
    ),
  );
  const tools: LiveCatalog['tools'] = [];
  const routes = new Map<string, ToolRoute | AggregateRoute>();
  const withheld: Withheld[] = [];
  const away = new Map<string, Withheld>();
  const withhold = (name: string, why: Withheld): void => {
    withheld.push(why);
    if (why.cause === 'health') away.set(name, why);
  };
  const pendingTexts: { server: string; tool: string }[] = [];
  for (const tool of intended.tools) {
    if (tool.source === undefined) {
      const made = aggregateRoute(tool, input, servers);
      if ('cause' in made) {
        withhold(tool.name, made);
        continue;
      }
      routes.set(tool.name, made);
      tools.push(liveTool(tool, undefined));
      continue;
    }
    const { server, tool: name } = tool.source;
    const found = findTool(server, name, servers);
    if ('cause' in found) {
      withhold(tool.name, found);
      continue;
    }
    const words = adopted.get(keyOf(tool.source)) ?? tool;
    const now = present.get(keyOf(tool.source));
    if (now !== undefined && !isSameText(words, now)) pendingTexts.push({ server, tool: name });
    const route = toolRoute(server, found.tool, tool, input);
    routes.set(tool.name, route);
    tools.push(liveTool(withText(withSchemas(tool, route), words), route.servedAs));
  }
  const live: LiveCatalog = {
    schemaVersion: 1,
    kind: 'live-catalog',
    writtenAt: at,
    servers: descriptors.servers.map(({ name, health, error }) => ({
      name,
      health,
      ...(error !== undefined && { error }),
    })),
    tools,
  };
  return {
    live,
    tools: tools.map(({ server: _, source: __, schemaSource: ___, ...tool }) => tool),
    routes,
    withheld,
    away,
    hidden: intended.hidden.length,
    disabled: intended.disabled.length,
    pendingTexts,
  };
}

function readServer({ health, error, tools }: DescribedServer): Described {
  const named = tools.flatMap((value) => {
    const { name } = (value ?? {}) as { name?: unknown };
    return typeof name === 'string' && name !== '' ? [[name, value as Tool] as const] : [];
  });
  return { health, error, tools: new Map(named) };
}

function findTool(
  server: string,
  tool: string,
  servers: ReadonlyMap<string, Described>,
): { readonly tool: Tool } | Withheld {
  const described = servers.get(server);
  if (described === undefined)
    return { server, tool, cause: 'not-configured', reason: `there is no server ${server}` };
  const { health, error, tools } = described;
  if (health !== 'up' && health !== 'partial') {
    const why = error === undefined ? '' : `: ${error}`;
    return { server, tool, cause: 'health', reason: `${server} is ${health}${why}` };
  }
  const found = tools.get(tool);
  return found === undefined
    ? { server, tool, cause: 'gone', reason: `${server} does not have it any more` }
    : { tool: found };
}

function toolRoute(
  server: string,
  described: Tool,
  intended: IntendedTool | undefined,
  { sources, statusOf, known }: ServeInput,
): ToolRoute {
  const { name: tool } = described;
  const override = (schemas: ToolSchemas): ToolSchemas =>
    schemasOf(overrideTool(server, { ...schemas, name: tool }, sources).tool);
  const hashes = hashSchemas(described);
  const status = statusOf(server, tool);
  const isOlder = intended?.source !== undefined && !isSame(intended.source.schemaHash, hashes);
  const candidate = isOlder
    ? { hashes: intended.source!.schemaHash, schemas: schemasOf(intended) }
    : previousOf(server, tool, hashes, status, known, override);
  const hasFailed = status?.state === 'failed' && isSame(status.schema, hashes);
  const servedAs: SchemaSource = isOlder
    ? 'previous'
    : !hasFailed
      ? 'declared'
      : candidate === undefined
        ? 'generic'
        : 'previous';
  return {
    kind: 'tool',
    server,
    tool,
    hashes,
    declared: override(schemasOf(described)),
    ...(candidate !== undefined && {
      previous: { ...candidate.schemas, hashes: candidate.hashes },
    }),
    servedAs,
  };
}

/** The schema that was approved last, else the one that the server described before. */
function previousOf(
  server: string,
  tool: string,
  present: SchemaHashes,
  status: ToolStatus | undefined,
  known: KnownSchemas,
  override: (schemas: ToolSchemas) => ToolSchemas,
): { readonly hashes: SchemaHashes; readonly schemas: ToolSchemas } | undefined {
  for (const hashes of status?.approved ?? []) {
    if (isSame(hashes, present)) continue;
    const schemas = known.find(server, tool, hashes);
    if (schemas !== undefined) return { hashes, schemas: override(schemas) };
  }
  const before = known.before(server, tool, present);
  return before && { hashes: before.hashes, schemas: override(before.schemas) };
}

function withSchemas(tool: IntendedTool, route: ToolRoute): IntendedTool {
  const { servedAs, previous, declared } = route;
  if (servedAs === 'declared') return tool;
  const { inputSchema: _, outputSchema: __, ...rest } = tool;
  if (servedAs === 'previous' && previous !== undefined) return { ...rest, ...schemasOf(previous) };
  return {
    ...rest,
    inputSchema: genericInput as unknown as Json,
    ...(declared.outputSchema !== undefined && {
      outputSchema: genericOutput as unknown as Json,
    }),
  };
}

const texts = ['title', 'description', 'annotations'] as const;

function isSameText(left: IntendedTool, right: IntendedTool): boolean {
  const pick = (tool: IntendedTool): string =>
    canonicalJson(texts.map((key) => (tool[key] as Json | undefined) ?? null));
  return pick(left) === pick(right);
}

function withText(tool: IntendedTool, words: IntendedTool): IntendedTool {
  if (tool === words) return tool;
  const { title: _, description: __, annotations: ___, ...rest } = tool;
  const said = Object.fromEntries(
    texts.filter((key) => words[key] !== undefined).map((key) => [key, words[key]]),
  );
  return { ...rest, ...said };
}

function aggregateRoute(
  tool: IntendedTool,
  input: ServeInput,
  servers: ReadonlyMap<string, Described>,
): AggregateRoute | Withheld {
  const { server, name, aggregate } = tool;
  const withhold = (cause: Withheld['cause'], reason: string): Withheld => ({
    server,
    tool: name,
    cause,
    reason,
  });
  const found = findAggregation(name, input.sources);
  if (found === undefined || aggregate === undefined)
    return withhold('not-configured', 'no aggregation of this name is configured');
  const { aggregation, defaults } = found;
  const operations: (AggregateOperation & { route: ToolRoute })[] = [];
  for (const operation of aggregation.operations) {
    const placed = aggregate.operations.find(
      ({ value, tool: downstream }) =>
        value === operation.value && downstream === operation.downstreamTool,
    );
    const target = findTool(
      placed?.server ?? operation.downstreamServer ?? 'unknown',
      operation.downstreamTool,
      servers,
    );
    if ('cause' in target)
      return withhold(target.cause, `its operation ${operation.value}: ${target.reason}`);
    const route = toolRoute(
      placed?.server ?? operation.downstreamServer!,
      target.tool,
      undefined,
      input,
    );
    operations.push({ ...operation, route });
  }
  const { selector } = aggregation;
  return {
    kind: 'aggregate',
    name,
    selectorField: aggregate.selectorField,
    isCaseInsensitive:
      (typeof selector === 'object' ? selector.caseInsensitive : undefined) ??
      defaults?.caseInsensitiveSelector ??
      false,
    timeoutMs: Math.min((defaults?.timeoutSeconds ?? 45) * 1000, maxTimeoutMs),
    operations,
  };
}

function findAggregation(
  name: string,
  sources: readonly RenderSource[],
): { aggregation: Aggregation; defaults: RenderDefaults } | undefined {
  for (const { aggregations } of sources.toReversed()) {
    const aggregation = aggregations?.aggregations.find((one) => one.name === name);
    if (aggregation !== undefined) return { aggregation, defaults: aggregations?.defaults };
  }
  return undefined;
}

type RenderDefaults = NonNullable<RenderSource['aggregations']>['defaults'];

function liveTool(
  { aggregate: _, lockSchema: __, source, ...tool }: IntendedTool,
  schemaSource: SchemaSource | undefined,
): LiveCatalog['tools'][number] {
  return {
    ...tool,
    ...(source !== undefined && { source: { server: source.server, tool: source.tool } }),
    schemaSource: schemaSource ?? 'declared',
  };
}

function schemasOf({
  inputSchema,
  outputSchema,
}: {
  readonly inputSchema?: Json | undefined;
  readonly outputSchema?: Json | undefined;
}): ToolSchemas {
  return {
    ...(inputSchema !== undefined && { inputSchema }),
    ...(outputSchema !== undefined && { outputSchema }),
  };
}

function isSame(left: SchemaHashes, right: SchemaHashes): boolean {
  return left.input === right.input && left.output === right.output;
}

function keyOf({ server, tool }: { server: string; tool: string }): string {
  return JSON.stringify([server, tool]);
}
