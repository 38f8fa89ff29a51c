import { z } from 'zod';
import type { Json } from '../schema/json.js';

const json = z.custom<Json>((value) => value !== undefined);
const jsonObject = z.custom<{ [name: string]: Json }>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const name = z.string().min(1);

/** Maps keep any key, `__proto__` too, which a record of zod would lose. */
function mapOf<T>(member: z.ZodType<T>) {
  return z.preprocess(
    (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? new Map(Object.entries(value))
        : value,
    z.map(z.string(), member),
  );
}

/** What is said of one tool, or of all (`*`). */
export const ToolOverride = z.object({
  enabled: z.boolean().optional(),
  name: name.optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  annotations: jsonObject.optional(),
  inputSchema: jsonObject.optional(),
  outputSchema: jsonObject.optional(),
});
export type ToolOverride = z.infer<typeof ToolOverride>;

/** A file of overrides, version 2. */
export const Overrides = z.object({
  schemaVersion: z.literal(2),
  master: z
    .object({ enabled: z.boolean().optional(), tools: mapOf(ToolOverride).optional() })
    .optional(),
  servers: mapOf(
    z.object({
      enabled: z.boolean().optional(),
      metadata: json.optional(),
      tools: mapOf(ToolOverride).optional(),
    }),
  ).optional(),
});
export type Overrides = z.infer<typeof Overrides>;

/** How one argument of a downstream tool, or one part of a response, comes about. */
export const Mapping = z.object({
  target: name,
  source: z.string().optional(),
  value: json.optional(),
  default: json.optional(),
  required: z.boolean().optional(),
  allowNull: z.boolean().optional(),
  stripIfNull: z.boolean().optional(),
});
export type Mapping = z.infer<typeof Mapping>;

const HiddenEntry = z.object({ server: name, tool: name, reason: z.string().optional() });

export const AggregateOperation = z.object({
  value: z.string(),
  aliases: z.array(z.string()).default([]),
  downstreamTool: name,
  downstreamServer: name.optional(),
  argumentMappings: z.array(Mapping).default([]),
  responseMappings: z.array(Mapping).default([]),
  requireAnyOf: z.array(z.array(z.string())).default([]),
});
export type AggregateOperation = z.infer<typeof AggregateOperation>;

export const Aggregation = z.object({
  name,
  title: z.string().optional(),
  description: z.string(),
  annotations: jsonObject.optional(),
  inputSchema: jsonObject,
  outputSchema: jsonObject.optional(),
  selector: z
    .union([
      z.string(),
      z.object({ field: name.optional(), caseInsensitive: z.boolean().optional() }),
    ])
    .optional(),
  operations: z.array(AggregateOperation),
  hideTools: z.array(z.union([z.string(), HiddenEntry])).default([]),
  lockSchema: z.boolean().optional(),
});
export type Aggregation = z.infer<typeof Aggregation>;

/** A file of aggregations, version 1. */
export const Aggregations = z.object({
  schemaVersion: z.literal(1),
  defaults: z
    .object({
      selectorField: name.default('operation'),
      caseInsensitiveSelector: z.boolean().optional(),
      timeoutSeconds: z.number().positive().default(45),
      serverName: name.optional(),
    })
    .optional(),
  hiddenTools: z.array(HiddenEntry).default([]),
  aggregations: z.array(Aggregation).default([]),
});
export type Aggregations = z.infer<typeof Aggregations>;

/** One file that a catalog is rendered from; `origin` names it. Later ones win over earlier ones. */
export interface RenderSource {
  readonly origin: string;
  readonly overrides?: Overrides;
  readonly aggregations?: Aggregations;
}

/** What a file holds, or why it is nothing that can be rendered. */
export type SourceReading =
  | { readonly kind: 'read'; readonly source: RenderSource }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/**
 * Reads a file of overrides, of aggregations, or of both (`{overrides, aggregations}`, as a bundle has them), recognised
 * by its keys.
 */
export function readSource(origin: string, value: unknown): SourceReading {
  const has = (key: string): boolean =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, key);
  const part = (key: string): unknown => (value as Record<string, unknown>)[key];
  if (has('overrides') || (has('aggregations') && !Array.isArray(part('aggregations')))) {
    const overrides = has('overrides') ? Overrides.safeParse(part('overrides')) : undefined;
    const aggregations = has('aggregations')
      ? Aggregations.safeParse(part('aggregations'))
      : undefined;
    const problems = [
      ...problemsOf(overrides, '/overrides'),
      ...problemsOf(aggregations, '/aggregations'),
    ];
    if (problems.length > 0) return { kind: 'invalid', problems };
    const source = {
      origin,
      ...(overrides?.data !== undefined && { overrides: overrides.data }),
      ...(aggregations?.data !== undefined && { aggregations: aggregations.data }),
    };
    return { kind: 'read', source };
  }
  if (has('aggregations') || has('hiddenTools')) {
    const parsed = Aggregations.safeParse(value);
    return parsed.success
      ? { kind: 'read', source: { origin, aggregations: parsed.data } }
      : { kind: 'invalid', problems: problemsOf(parsed, '') };
  }
  const parsed = Overrides.safeParse(value);
  return parsed.success
    ? { kind: 'read', source: { origin, overrides: parsed.data } }
    : { kind: 'invalid', problems: problemsOf(parsed, '') };
}

function problemsOf(
  parsed:
    | { error?: { issues: readonly { path: PropertyKey[]; message: string }[] } | undefined }
    | undefined,
  prefix: string,
): string[] {
  return (parsed?.error?.issues ?? [])
    .slice(0, 10)
    .map(
      ({ path, message }) =>
        `${prefix}${path.map((key) => `/${String(key)}`).join('')}: ${message}`,
    );
}
