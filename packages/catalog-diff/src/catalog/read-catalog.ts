import { formatPointer } from '@holdfast/text';
import { isObject, ownValue, type Json } from '../schema/json.js';
import {
  nameOfTool,
  type Catalog,
  type CatalogKind,
  type CatalogProblem,
  type Tool,
} from './tool.js';

/** A catalog, or why a value is none. */
export type CatalogReading =
  | { readonly kind: 'read'; readonly catalog: Catalog }
  | { readonly kind: 'refused'; readonly message: string; readonly hint: string };

/**
 * Reads a catalog from parsed JSON, whatever its shape: the result of `tools/list`, its JSON-RPC response, a list of
 * either (pages) or of tools, live descriptors, an intended or a live catalog. A tool that cannot be read, or whose
 * name stands there twice, is a problem and never costs the others.
 */
export function readCatalog(value: unknown): CatalogReading {
  const collector = new ToolCollector();
  const kind = collect(value as Json, collector);
  if (kind === undefined)
    return {
      kind: 'refused',
      message: `expected a tool catalog, got ${describe(value)}`,
      hint: 'a catalog is the result of tools/list, live descriptors, an intended or a live catalog',
    };
  const { tools, problems } = collector;
  return { kind: 'read', catalog: { kind, tools, problems } };
}

function collect(value: Json, collector: ToolCollector): CatalogKind | undefined {
  if (Array.isArray(value)) return collectList(value, collector);
  if (!isObject(value)) return undefined;
  const kind = ownValue(value, 'kind');
  const servers = ownValue(value, 'servers');
  if (kind === 'live-descriptors' && Array.isArray(servers)) {
    servers.forEach((server, at) => collector.addServer(server, ['servers', at]));
    return 'live-descriptors';
  }
  const result = ownValue(value, 'result');
  if (isObject(result) && Array.isArray(ownValue(result, 'tools'))) {
    collector.addTools(result['tools'] as Json[], ['result', 'tools']);
    return 'tools-list';
  }
  const tools = ownValue(value, 'tools');
  if (!Array.isArray(tools)) return undefined;
  collector.addTools(tools, ['tools']);
  return kind === 'intended-catalog' || kind === 'live-catalog' ? kind : 'tools-list';
}

function collectList(list: readonly Json[], collector: ToolCollector): CatalogKind | undefined {
  for (const [at, part] of list.entries()) {
    const page = isObject(part) ? (ownValue(part, 'result') ?? part) : part;
    const tools = isObject(page) ? ownValue(page, 'tools') : undefined;
    if (Array.isArray(tools)) collector.addTools(tools, [at, 'tools']);
    else if (isObject(part) && ownValue(part, 'name') !== undefined) collector.addTool(part, [at]);
    else return undefined;
  }
  return 'tools-list';
}

type Path = readonly (string | number)[];

class ToolCollector {
  readonly tools: Tool[] = [];
  readonly problems: CatalogProblem[] = [];
  private readonly names = new Set<string>();

  addServer(server: Json, path: Path): void {
    const name = isObject(server) ? ownValue(server, 'name') : undefined;
    const tools = isObject(server) ? ownValue(server, 'tools') : undefined;
    if (typeof name !== 'string' || !Array.isArray(tools)) {
      const message = 'a server must have a name and a list of tools';
      this.problems.push({
        ruleId: 'catalog.server-unreadable',
        pointer: formatPointer(path),
        message,
      });
      return;
    }
    this.addTools(tools, [...path, 'tools'], name);
  }

  addTools(tools: readonly Json[], path: Path, server?: string): void {
    tools.forEach((tool, at) => this.addTool(tool, [...path, at], server));
  }

  addTool(value: Json, path: Path, ownServer?: string): void {
    const pointer = formatPointer(path);
    const name = isObject(value) ? ownValue(value, 'name') : undefined;
    if (!isObject(value) || typeof name !== 'string' || name === '') {
      const message = `a tool must be an object with a name, got ${describe(value)}`;
      this.problems.push({ ruleId: 'catalog.tool-unreadable', pointer, message });
      return;
    }
    const tool = toolOf(value, name, ownServer);
    const key = JSON.stringify([tool.server, name]);
    if (this.names.has(key)) {
      const message = `${nameOfTool(tool)} stands there twice; the first one counts`;
      this.problems.push({ ruleId: 'catalog.duplicate-tool', pointer, message });
      return;
    }
    this.names.add(key);
    this.tools.push(tool);
  }
}

const knownKeys = new Set([
  'server',
  'name',
  'title',
  'description',
  'inputSchema',
  'outputSchema',
  'annotations',
]);

/** A tool from a descriptor that has a name; parts of another type than they must have are left out. */
function toolOf(
  value: { readonly [name: string]: Json },
  name: string,
  ownServer: string | undefined,
): Tool {
  const server = ownServer ?? ownValue(value, 'server');
  const title = ownValue(value, 'title');
  const description = ownValue(value, 'description');
  const inputSchema = ownValue(value, 'inputSchema');
  const outputSchema = ownValue(value, 'outputSchema');
  const annotations = ownValue(value, 'annotations');
  const rest = Object.entries(value).filter(([key]) => !knownKeys.has(key));
  return {
    ...(typeof server === 'string' && { server }),
    name,
    ...(typeof title === 'string' && { title }),
    ...(typeof description === 'string' && { description }),
    ...(inputSchema !== undefined && { inputSchema }),
    ...(outputSchema !== undefined && outputSchema !== null && { outputSchema }),
    ...(isObject(annotations) && { annotations }),
    rest: Object.fromEntries(rest),
  };
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array of something else';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const keys = Object.keys(value).slice(0, 5);
  return keys.length === 0
    ? 'an empty object'
    : `an object with ${keys.map((key) => JSON.stringify(key)).join(', ')}`;
}
