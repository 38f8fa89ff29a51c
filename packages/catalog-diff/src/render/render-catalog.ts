import type { Finding } from '@holdfast/findings';
import { compareText } from '@holdfast/text';
import {
  ToolDescriptor,
  type IntendedCatalog,
  type IntendedTool,
  type HiddenTool,
  type LiveDescriptors,
} from '../artifacts/artifact-schemas.js';
import { hashSchema, hashSchemas } from '../artifacts/hash-schema.js';
import type { Json } from '../schema/json.js';
import { findServerOf } from './find-server.js';
import type { Aggregation, Aggregations, RenderSource } from './input-schemas.js';
import { namespaceCollisions } from './namespace-collisions.js';
import { overrideTool, type Origin } from './override-tool.js';

/** What rendering came to. */
export interface Rendering {
  readonly catalog: IntendedCatalog;
  /** Names that collide or that the protocol does not allow, what hides nothing, tools that cannot be read. */
  readonly findings: readonly Finding[];
  /** Where each tool's parts come from, by `server/tool`, hidden and disabled ones too. */
  readonly origins: ReadonlyMap<string, readonly Origin[]>;
}

/** The server that aggregates belong to where nothing says another. */
export const aggregateServer = 'aggregates';

/**
 * Renders the catalog that clients are meant to see: the described tools with their overrides, without those that are
 * hidden or disabled, and the aggregates. The same input gives the same catalog, whatever the order of its servers.
 */
export function renderCatalog(
  sources: readonly RenderSource[],
  descriptors: LiveDescriptors,
): Rendering {
  const findings: Finding[] = [];
  const origins = new Map<string, readonly Origin[]>();
  const hidden = collectHidden(sources, descriptors, findings);
  const hiddenKeys = new Set(hidden.map(({ server, tool }) => keyOf(server, tool)));
  const tools: IntendedTool[] = [];
  const disabled: { server: string; tool: string }[] = [];
  for (const { name: server, tools: described } of descriptors.servers) {
    for (const value of described) {
      const parsed = ToolDescriptor.safeParse(value);
      if (!parsed.success) {
        findings.push(unreadable(server, value));
        continue;
      }
      const { name } = parsed.data;
      const result = overrideTool(server, parsed.data, sources);
      origins.set(`${server}/${name}`, result.origins);
      if (!result.enabled) disabled.push({ server, tool: name });
      else if (!hiddenKeys.has(keyOf(server, name)))
        tools.push({
          ...result.tool,
          server,
          source: { server, tool: name, schemaHash: hashSchemas(parsed.data) },
        });
    }
  }
  for (const { origin, aggregations } of sources)
    for (const aggregation of aggregations?.aggregations ?? []) {
      const tool = aggregateTool(aggregation, aggregations!, descriptors);
      tools.push(tool);
      const keys = Object.keys(aggregation);
      origins.set(`${tool.server}/${tool.name}`, [{ origin, level: 'server tool', keys }]);
    }
  for (const one of checkNames(tools)) findings.push(one);
  const catalog: IntendedCatalog = {
    schemaVersion: 1,
    kind: 'intended-catalog',
    descriptors: descriptors.servers.length === 0 ? null : hashDescriptors(descriptors),
    tools: namespaceCollisions(tools.sort(compareTools)).sort(compareTools),
    hidden: hidden.sort((left, right) => compareIds(left, right)),
    disabled: disabled.sort((left, right) => compareIds(left, right)),
  };
  return { catalog, findings, origins };
}

/** The hash of what was described, whatever the order of servers and tools and the time it took. */
export function hashDescriptors({ servers }: LiveDescriptors): string {
  const entries = servers.map(({ name, tools }): Json => {
    const hashes = tools.map((tool) => hashSchema(tool)).sort();
    return [name, hashes];
  });
  return hashSchema(
    entries.sort((left, right) => compareText(JSON.stringify(left), JSON.stringify(right))),
  );
}

function collectHidden(
  sources: readonly RenderSource[],
  descriptors: LiveDescriptors,
  findings: Finding[],
): HiddenTool[] {
  const found = new Map<string, HiddenTool>();
  const hide = (entry: HiddenTool, origin: string): void => {
    found.set(keyOf(entry.server, entry.tool), entry);
    if (findServerOf(entry.tool, entry.server, descriptors).kind === 'missing')
      findings.push(hidesNothing(origin, `${entry.server}/${entry.tool}, which no server has`));
  };
  for (const { origin, aggregations } of sources) {
    for (const entry of aggregations?.hiddenTools ?? []) hide(entry, origin);
    for (const { hideTools } of aggregations?.aggregations ?? [])
      for (const entry of hideTools) {
        if (typeof entry !== 'string') {
          hide(entry, origin);
          continue;
        }
        const server = findServerOf(entry, undefined, descriptors);
        if (server.kind === 'found') hide({ server: server.server, tool: entry }, origin);
        else if (server.kind === 'missing')
          findings.push(hidesNothing(origin, `${entry}, which no server has`));
        else
          findings.push(
            hidesNothing(
              origin,
              `${entry}, which ${server.servers.join(' and ')} have; say {server, tool}`,
            ),
          );
      }
  }
  return [...found.values()];
}

function hidesNothing(origin: string, what: string): Finding {
  const message = `hides ${what}`;
  return { ruleId: 'render.hides-nothing', severity: 'warning', path: origin, message };
}

function aggregateTool(
  aggregation: Aggregation,
  { defaults }: Aggregations,
  descriptors: LiveDescriptors,
): IntendedTool {
  const { name, title, description, annotations, inputSchema, outputSchema } = aggregation;
  const selector = aggregation.selector;
  const selectorField =
    (typeof selector === 'string' ? selector : selector?.field) ??
    defaults?.selectorField ??
    'operation';
  const operations = aggregation.operations.map((operation) => {
    const { value, aliases, downstreamTool: tool, downstreamServer, responseMappings } = operation;
    const found = findServerOf(tool, downstreamServer, descriptors);
    const server = found.kind === 'found' ? found.server : (downstreamServer ?? 'unknown');
    const schema =
      found.kind === 'found' ? (found.tool['outputSchema'] as Json | undefined) : undefined;
    return {
      value,
      aliases,
      server,
      tool,
      ...(responseMappings.length === 0 && {
        downstreamSchemaRef: {
          toolId: `${server}/${tool}`,
          operation: value,
          schemaHash: schema === undefined ? null : hashSchema(schema),
        },
      }),
    };
  });
  return {
    name,
    ...(title !== undefined && { title }),
    description,
    ...(annotations !== undefined && { annotations }),
    inputSchema,
    ...(outputSchema !== undefined && { outputSchema }),
    server: defaults?.serverName ?? aggregateServer,
    aggregate: { selectorField, operations },
    ...(aggregation.lockSchema === true && { lockSchema: true as const }),
  };
}

/** What the protocol asks of names, and that no two tools have one name. */
function checkNames(tools: readonly IntendedTool[]): Finding[] {
  const findings: Finding[] = [];
  for (const { server, name } of tools)
    if (!/^[A-Za-z0-9_.-]{1,128}$/.test(name))
      findings.push({
        ruleId: 'render.name-invalid',
        severity: 'warning',
        path: `${server}/${name}`,
        message: `the name ${JSON.stringify(name)} is not 1 to 128 letters, digits, "_", "-" and "."; some clients refuse it`,
      });
  for (const [name, same] of Map.groupBy(tools, (tool) => tool.name)) {
    const [first, ...others] = same.map(({ server }) => server);
    for (const other of others)
      findings.push({
        ruleId: 'render.name-collision',
        severity: 'warning',
        path: `${other}/${name}`,
        message: `${JSON.stringify(name)} is also what ${first} calls a tool; they are served as SERVER__${name}, until an override gives one of them another name`,
        data: { servers: same.map(({ server }) => server) },
      });
  }
  return findings;
}

function unreadable(server: string, value: Json): Finding {
  const name = (value as { name?: unknown } | null)?.name;
  return {
    ruleId: 'render.tool-unreadable',
    severity: 'warning',
    path: `${server}/${typeof name === 'string' ? name : '?'}`,
    message: 'the server describes a tool in a way that cannot be read; it is left out',
  };
}

function keyOf(server: string, tool: string): string {
  return JSON.stringify([server, tool]);
}

function compareTools(left: IntendedTool, right: IntendedTool): number {
  return compareText(left.server, right.server) || compareText(left.name, right.name);
}

function compareIds(
  left: { server: string; tool: string },
  right: { server: string; tool: string },
): number {
  return compareText(left.server, right.server) || compareText(left.tool, right.tool);
}
