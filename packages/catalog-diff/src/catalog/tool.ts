import type { Json } from '../schema/json.js';

/** A tool as a catalog describes it. What a server says beyond these keys is in `rest`. */
export interface Tool {
  /** The server that has it, where the catalog knows servers. */
  readonly server?: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema?: Json;
  readonly outputSchema?: Json;
  readonly annotations?: { readonly [name: string]: Json };
  readonly rest: { readonly [name: string]: Json };
}

/** What a file holds, recognised by its shape. */
export type CatalogKind = 'tools-list' | 'live-descriptors' | 'intended-catalog' | 'live-catalog';

/** What is wrong with a part of a catalog; the other parts are read all the same. */
export interface CatalogProblem {
  readonly ruleId:
    'catalog.tool-unreadable' | 'catalog.duplicate-tool' | 'catalog.server-unreadable';
  /** The JSON pointer of the part. */
  readonly pointer: string;
  readonly message: string;
}

/** Tools, and what was wrong with others. */
export interface Catalog {
  readonly kind: CatalogKind;
  readonly tools: readonly Tool[];
  readonly problems: readonly CatalogProblem[];
}

/** How a tool is called in messages: `server/name`, or the name alone. */
export function nameOfTool({ server, name }: Pick<Tool, 'server' | 'name'>): string {
  return server === undefined ? name : `${server}/${name}`;
}
