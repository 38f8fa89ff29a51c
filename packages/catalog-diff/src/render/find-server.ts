import type { LiveDescriptors, ToolDescriptor } from '../artifacts/artifact-schemas.js';

/** The server that has a tool. */
export type ServerOfTool =
  | { kind: 'found'; server: string; tool: ToolDescriptor }
  | { kind: 'missing' }
  | { kind: 'ambiguous'; servers: string[] };

/** Finds a tool of a server, or of the only server that has one of this name. */
export function findServerOf(
  tool: string,
  server: string | undefined,
  { servers }: LiveDescriptors,
): ServerOfTool {
  const found = servers
    .filter(({ name }) => server === undefined || name === server)
    .flatMap(({ name, tools }) =>
      tools
        .filter((one) => (one as { name?: unknown } | null)?.name === tool)
        .map((one) => ({ server: name, tool: one as ToolDescriptor })),
    );
  if (found.length === 0) return { kind: 'missing' };
  if (found.length > 1) return { kind: 'ambiguous', servers: found.map((one) => one.server) };
  return { kind: 'found', ...found[0]! };
}
