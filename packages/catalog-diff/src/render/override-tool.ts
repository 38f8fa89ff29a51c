import type { ToolDescriptor } from '../artifacts/artifact-schemas.js';
import { isObject, ownValue, type Json } from '../schema/json.js';
import type { RenderSource, ToolOverride } from './input-schemas.js';

/** Where one part of a rendered tool comes from. */
export interface Origin {
  /** The file. */
  readonly origin: string;
  /** The place in it: `master`, `master *`, `server`, `server *` or `server tool`. */
  readonly level: OverrideLevel;
  /** What it says: `enabled`, `description`, … */
  readonly keys: readonly string[];
}

export type OverrideLevel = 'master' | 'master *' | 'server' | 'server *' | 'server tool';

/** A tool after its overrides. */
export interface OverriddenTool {
  readonly tool: ToolDescriptor;
  readonly enabled: boolean;
  readonly origins: readonly Origin[];
}

/**
 * Applies the overrides of all sources to one server's tool. The last one wins: master, master `*`, server, server `*`,
 * server and tool, and within each of them the later source. Objects are merged by key, arrays replace. What is said of
 * one server's tool never reaches a tool of the same name elsewhere.
 */
export function overrideTool(
  server: string,
  tool: ToolDescriptor,
  sources: readonly RenderSource[],
): OverriddenTool {
  let result = tool;
  let enabled = true;
  const origins: Origin[] = [];
  for (const { level, origin, override } of overridesOf(server, tool.name, sources)) {
    if (override.enabled !== undefined) enabled = override.enabled;
    result = apply(result, override);
    const keys = Object.keys(override).filter(
      (key) => override[key as keyof ToolOverride] !== undefined,
    );
    if (keys.length > 0) origins.push({ origin, level, keys });
  }
  return { tool: result, enabled, origins };
}

function overridesOf(
  server: string,
  tool: string,
  sources: readonly RenderSource[],
): { level: OverrideLevel; origin: string; override: ToolOverride }[] {
  const levels: [OverrideLevel, (source: RenderSource) => ToolOverride | undefined][] = [
    ['master', ({ overrides }) => enabledOf(overrides?.master?.enabled)],
    ['master *', ({ overrides }) => overrides?.master?.tools?.get('*')],
    ['server', ({ overrides }) => enabledOf(overrides?.servers?.get(server)?.enabled)],
    ['server *', ({ overrides }) => overrides?.servers?.get(server)?.tools?.get('*')],
    ['server tool', ({ overrides }) => overrides?.servers?.get(server)?.tools?.get(tool)],
  ];
  return levels.flatMap(([level, pick]) =>
    sources.flatMap((source) => {
      const override = pick(source);
      return override === undefined ? [] : [{ level, origin: source.origin, override }];
    }),
  );
}

function enabledOf(enabled: boolean | undefined): ToolOverride | undefined {
  return enabled === undefined ? undefined : { enabled };
}

function apply(tool: ToolDescriptor, override: ToolOverride): ToolDescriptor {
  const { name, title, description, annotations, inputSchema, outputSchema } = override;
  return {
    ...tool,
    ...(name !== undefined && { name }),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(annotations !== undefined && {
      annotations: merge(tool.annotations ?? {}, annotations, 0) as { [name: string]: Json },
    }),
    ...(inputSchema !== undefined && {
      inputSchema: merge(tool.inputSchema ?? {}, inputSchema, 0),
    }),
    ...(outputSchema !== undefined && {
      outputSchema: merge(tool.outputSchema ?? {}, outputSchema, 0),
    }),
  };
}

function merge(base: Json, override: Json, depth: number): Json {
  if (!isObject(base) || !isObject(override) || depth > 200) return override;
  const entries = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(override)) {
    const known = ownValue(base, key);
    entries.set(key, known === undefined ? value : merge(known, value, depth + 1));
  }
  return Object.fromEntries(entries);
}
