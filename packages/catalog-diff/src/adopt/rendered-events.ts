import type { LiveDescriptors } from '../artifacts/artifact-schemas.js';
import type { AdoptionEvent } from './adopt.js';

/** An event of one tool. */
export interface ToolEvent {
  readonly server: string;
  readonly tool: string;
  readonly event: AdoptionEvent;
}

/**
 * The events of a render: the schema that each tool of a server that answers has now. Tools of a server that does not
 * answer are left as they are.
 *
 * @param isLocked whether a tool's schema is locked
 * @param at ISO 8601 in UTC
 */
export function renderedEvents(
  { servers }: LiveDescriptors,
  {
    at,
    isLocked,
  }: { readonly at: string; readonly isLocked: (server: string, tool: string) => boolean },
): ToolEvent[] {
  return servers
    .filter(({ health }) => health === 'up' || health === 'partial')
    .flatMap(({ name: server, hashes }) =>
      hashes.map(({ tool, input, output }) => ({
        server,
        tool,
        event: {
          kind: 'rendered' as const,
          schema: { input, output },
          at,
          locked: isLocked(server, tool),
        },
      })),
    );
}
