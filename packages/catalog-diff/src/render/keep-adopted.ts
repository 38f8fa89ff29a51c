import type { IntendedCatalog, IntendedTool, SchemaStatus } from '../artifacts/artifact-schemas.js';
import { isSameSchemas } from '../artifacts/hash-schema.js';

/**
 * A rendered catalog with the schemas that have been adopted: a tool whose new schema is still being tried, has failed, or
 * is held back by a lock keeps the approved one of the catalog before. A tool of which nothing has been approved yet has
 * the schema that its server declares.
 */
export function keepAdopted(
  catalog: IntendedCatalog,
  previous: IntendedCatalog | undefined,
  status: SchemaStatus,
): IntendedCatalog {
  const key = (server: string, tool: string): string => JSON.stringify([server, tool]);
  const states = new Map(status.tools.map((tool) => [key(tool.server, tool.tool), tool]));
  const before = new Map(
    (previous?.tools ?? []).flatMap((tool) =>
      tool.source === undefined ? [] : [[key(tool.source.server, tool.source.tool), tool] as const],
    ),
  );
  const tools = catalog.tools.map((tool): IntendedTool => {
    const { source } = tool;
    if (source === undefined) return tool;
    const state = states.get(key(source.server, source.tool));
    const old = before.get(key(source.server, source.tool));
    const isOpen =
      state !== undefined && (state.state !== 'validated' || state.heldBack !== undefined);
    if (!isOpen || old?.source === undefined) return tool;
    const { schemaHash } = old.source;
    if (!state.approved.some((one) => isSameSchemas(one, schemaHash))) return tool;
    const { inputSchema: _, outputSchema: __, ...rest } = tool;
    return {
      ...rest,
      ...(old.inputSchema !== undefined && { inputSchema: old.inputSchema }),
      ...(old.outputSchema !== undefined && { outputSchema: old.outputSchema }),
      source: { ...source, schemaHash },
    };
  });
  return { ...catalog, tools };
}
