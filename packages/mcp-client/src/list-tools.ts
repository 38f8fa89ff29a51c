import type { ServerConnection } from './connect-server.js';

export interface ListOptions {
  /** Most pages that are asked for. Default 1,000. */
  readonly maxPages?: number;
  /** Most tools that are kept. Default 20,000. */
  readonly maxTools?: number;
  /** Ends the asking; what came before counts. */
  readonly signal?: AbortSignal;
}

/** What a server lists. */
export interface ToolList {
  /** Every tool as the server describes it, in its order. */
  readonly tools: readonly unknown[];
  readonly pages: number;
  /** Why the list may not be whole; empty for a whole one. */
  readonly problems: readonly string[];
  /** Why the first page or a later one did not come; what came before is there. */
  readonly error?: string;
}

/**
 * Asks for all pages of `tools/list`. What came before an error counts; a cursor that comes twice, too many pages, or too
 * many tools end the list with a problem.
 */
export async function listTools(
  connection: ServerConnection,
  { maxPages = 1000, maxTools = 20_000, signal }: ListOptions = {},
): Promise<ToolList> {
  const tools: unknown[] = [];
  const problems: string[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  let pages = 0;
  try {
    do {
      const result = await connection.request(
        'tools/list',
        cursor === undefined ? {} : { cursor },
        signal === undefined ? {} : { signal },
      );
      pages++;
      const page = result as { tools?: unknown; nextCursor?: unknown } | null;
      if (!Array.isArray(page?.tools)) problems.push(`page ${pages} has no list of tools`);
      else for (const tool of page.tools) if (tools.length < maxTools) tools.push(tool);
      cursor = typeof page?.nextCursor === 'string' ? page.nextCursor : undefined;
      if (cursor === undefined) break;
      if (seen.has(cursor)) {
        problems.push(`the cursor of page ${pages} has come before; the list may not be whole`);
        break;
      }
      seen.add(cursor);
      if (pages >= maxPages || tools.length >= maxTools) {
        problems.push(`the list does not end after ${pages} pages and ${tools.length} tools`);
        break;
      }
    } while (cursor !== undefined);
  } catch (error) {
    const message = connection.redact(error instanceof Error ? error.message : String(error));
    return { tools, pages, problems, error: message };
  }
  return { tools, pages, problems };
}
