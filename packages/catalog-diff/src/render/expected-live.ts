import type {
  IntendedCatalog,
  LiveCatalog,
  LiveDescriptors,
} from '../artifacts/artifact-schemas.js';

/**
 * The live catalog that a proxy would serve from an intended one: the tools of servers that answer, with the servers'
 * health. An aggregate is served while the servers of all its operations do.
 *
 * @param at ISO 8601 in UTC
 */
export function expectedLive(
  { tools }: IntendedCatalog,
  descriptors: LiveDescriptors,
  at: string,
): LiveCatalog {
  const up = new Set(
    descriptors.servers
      .filter(({ health }) => health === 'up' || health === 'partial')
      .map(({ name }) => name),
  );
  const served = tools.filter(({ source, aggregate }) =>
    source === undefined
      ? (aggregate?.operations ?? []).every(({ server }) => up.has(server))
      : up.has(source.server),
  );
  return {
    schemaVersion: 1,
    kind: 'live-catalog',
    writtenAt: at,
    servers: descriptors.servers.map(({ name, health, error }) => ({
      name,
      health,
      ...(error !== undefined && { error }),
    })),
    tools: served.map(({ aggregate: _, lockSchema: __, source, ...tool }) => ({
      ...tool,
      ...(source !== undefined && { source: { server: source.server, tool: source.tool } }),
      schemaSource: 'declared' as const,
    })),
  };
}
