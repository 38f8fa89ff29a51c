import type { Json } from '@holdfast/catalog-diff';
import {
  hashSchemas,
  type LiveDescriptors,
  type SchemaHashes,
} from '@holdfast/catalog-diff/snapshots';

/** What a tool takes and gives. */
export interface ToolSchemas {
  readonly inputSchema?: Json;
  readonly outputSchema?: Json;
}

/** The schemas that tools have had, by their hashes; what is remembered comes from the retained captures. */
export interface KnownSchemas {
  /** Remembers what servers describe; later ones count as more recent. */
  remember(descriptors: Pick<LiveDescriptors, 'servers'>): void;
  find(server: string, tool: string, hashes: SchemaHashes): ToolSchemas | undefined;
  /** The most recent one that is not `present`. */
  before(
    server: string,
    tool: string,
    present: SchemaHashes,
  ): { readonly hashes: SchemaHashes; readonly schemas: ToolSchemas } | undefined;
}

/** Most schemas that are remembered of one tool. */
const maxKnown = 20;

export function createKnownSchemas(): KnownSchemas {
  const known = new Map<string, Map<string, { hashes: SchemaHashes; schemas: ToolSchemas }>>();
  const keyOf = (server: string, tool: string): string => JSON.stringify([server, tool]);
  const hashKey = ({ input, output }: SchemaHashes): string => `${input}/${output}`;
  return {
    remember: ({ servers }) => {
      for (const { name: server, tools } of servers)
        for (const value of tools) {
          const { name, inputSchema, outputSchema } = (value ?? {}) as ToolSchemas & {
            name?: unknown;
          };
          if (typeof name !== 'string') continue;
          const schemas = {
            ...(inputSchema !== undefined && { inputSchema }),
            ...(outputSchema !== undefined && { outputSchema }),
          };
          const hashes = hashSchemas(schemas);
          const key = keyOf(server, name);
          const ofTool = known.get(key) ?? new Map();
          known.set(key, ofTool);
          ofTool.delete(hashKey(hashes));
          ofTool.set(hashKey(hashes), { hashes, schemas });
          const [oldest] = ofTool.keys();
          if (ofTool.size > maxKnown && oldest !== undefined) ofTool.delete(oldest);
        }
    },
    find: (server, tool, hashes) => known.get(keyOf(server, tool))?.get(hashKey(hashes))?.schemas,
    before: (server, tool, present) =>
      [...(known.get(keyOf(server, tool))?.values() ?? [])]
        .filter(({ hashes }) => hashKey(hashes) !== hashKey(present))
        .at(-1),
  };
}
