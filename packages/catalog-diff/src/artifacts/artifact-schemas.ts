import { z } from 'zod';
import type { Json } from '../schema/json.js';

/** Any JSON value; its parts are not looked at. */
const json = z.custom<Json>((value) => value !== undefined);
const jsonObject = z.custom<{ [name: string]: Json }>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const moment = z.iso.datetime();
const name = z.string().min(1);

/** A tool as its server describes it; keys that are not named here are kept. */
export const ToolDescriptor = z.looseObject({
  name,
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: json.optional(),
  outputSchema: json.optional(),
  annotations: jsonObject.optional(),
});
export type ToolDescriptor = z.infer<typeof ToolDescriptor>;

/** The hashes of a tool's schemas, each for itself; null where there is none. */
export const SchemaHashes = z.object({
  input: z.string().nullable(),
  output: z.string().nullable(),
});
export type SchemaHashes = z.infer<typeof SchemaHashes>;

export const ServerHealth = z.enum([
  'up',
  'partial',
  'failed',
  'timeout',
  'unauthorized',
  'disabled',
]);
export type ServerHealth = z.infer<typeof ServerHealth>;

/** What one server offered when it was asked. `tools` holds the raw descriptors, those that cannot be read among them. */
export const DescribedServer = z.object({
  name,
  health: ServerHealth,
  /** What went wrong, where something did. */
  error: z.string().optional(),
  durationMs: z.number().nonnegative(),
  protocolVersion: z.string().optional(),
  serverInfo: jsonObject.optional(),
  instructions: z.string().optional(),
  clientCapabilities: jsonObject.optional(),
  pages: z.int().nonnegative(),
  tools: z.array(json),
  hashes: z.array(SchemaHashes.extend({ tool: name })),
  problems: z.array(z.string()),
});
export type DescribedServer = z.infer<typeof DescribedServer>;

/** `live_descriptors.json`: what the servers offered, written by whoever asks them. */
export const LiveDescriptors = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('live-descriptors'),
  capturedAt: moment,
  servers: z.array(DescribedServer),
});
export type LiveDescriptors = z.infer<typeof LiveDescriptors>;

/** Which schema of a downstream tool an operation was made for. */
export const DownstreamSchemaRef = z.object({
  toolId: name,
  operation: z.string(),
  schemaHash: z.string().nullable(),
});
export type DownstreamSchemaRef = z.infer<typeof DownstreamSchemaRef>;

export const IntendedOperation = z.object({
  value: z.string(),
  aliases: z.array(z.string()),
  server: name,
  tool: name,
  downstreamSchemaRef: DownstreamSchemaRef.optional(),
});

/** A tool that clients are meant to see. */
export const IntendedTool = ToolDescriptor.extend({
  server: name,
  /** The tool of a server that it is; an aggregate has none. */
  source: z.object({ server: name, tool: name, schemaHash: SchemaHashes }).optional(),
  aggregate: z
    .object({ selectorField: z.string(), operations: z.array(IntendedOperation) })
    .optional(),
  lockSchema: z.literal(true).optional(),
});
export type IntendedTool = z.infer<typeof IntendedTool>;

export const HiddenTool = z.object({ server: name, tool: name, reason: z.string().optional() });
export type HiddenTool = z.infer<typeof HiddenTool>;

/** `intended_catalog.json`: what clients should see, written by the renderer; no clock enters it. */
export const IntendedCatalog = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('intended-catalog'),
  /** The hash of the descriptors that it was rendered from; null without any. */
  descriptors: z.string().nullable(),
  tools: z.array(IntendedTool),
  hidden: z.array(HiddenTool),
  disabled: z.array(z.object({ server: name, tool: name })),
});
export type IntendedCatalog = z.infer<typeof IntendedCatalog>;

/** Which of the fallbacks a served schema is: the declared one, the one before, or the generic wrapper. */
export const SchemaSource = z.enum(['declared', 'previous', 'generic']);
export type SchemaSource = z.infer<typeof SchemaSource>;

/** `live_catalog.json`: what the proxy served, written by the proxy. */
export const LiveCatalog = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('live-catalog'),
  writtenAt: moment,
  servers: z.array(z.object({ name, health: ServerHealth, error: z.string().optional() })),
  tools: z.array(
    ToolDescriptor.extend({
      server: name,
      source: z.object({ server: name, tool: name }).optional(),
      schemaSource: SchemaSource.optional(),
    }),
  ),
});
export type LiveCatalog = z.infer<typeof LiveCatalog>;

export const AdoptionState = z.enum(['pending', 'validated', 'failed']);
export type AdoptionState = z.infer<typeof AdoptionState>;

/** How far a tool's present schema has been adopted. */
export const ToolStatus = z.object({
  server: name,
  tool: name,
  state: AdoptionState,
  schema: SchemaHashes,
  /** Schemas that have been validated or approved, the latest first. */
  approved: z.array(SchemaHashes),
  /** Consecutive ones. */
  successes: z.int().nonnegative(),
  failures: z.int().nonnegative(),
  attempts: z.int().nonnegative(),
  /** Renders in a row that found the validated schema unchanged. */
  stableRenders: z.int().nonnegative(),
  locked: z.boolean(),
  /** The schema that the server has by now, where a lock keeps another. */
  heldBack: SchemaHashes.optional(),
  since: moment,
  lastAttemptAt: moment.optional(),
  lastError: z.string().optional(),
  lastDiff: z.string().optional(),
});
export type ToolStatus = z.infer<typeof ToolStatus>;

/** A tool whose schema has been stable for long: what is kept so that it never counts as new. */
export const SettledTool = ToolStatus.pick({
  server: true,
  tool: true,
  schema: true,
  approved: true,
});
export type SettledTool = z.infer<typeof SettledTool>;

/** `tool_schema_status.json`: the adoption of schemas. */
export const SchemaStatus = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('tool-schema-status'),
  renders: z.int().nonnegative(),
  tools: z.array(ToolStatus),
  settled: z.array(SettledTool),
});
export type SchemaStatus = z.infer<typeof SchemaStatus>;

/** A server that some client's configuration names. */
export const DiscoveredServer = z.object({
  name,
  client: name,
  file: z.string(),
  transport: z.enum(['stdio', 'http']),
  command: z.string().optional(),
  args: z.array(z.string()).optional(),
  url: z.string().optional(),
  /** The names of environment variables and headers; their values are never kept. */
  secrets: z.array(z.string()),
});
export type DiscoveredServer = z.infer<typeof DiscoveredServer>;

/** `discovered_servers.json`: what discovery found; deleting it starts anew. */
export const DiscoveredServers = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('discovered-servers'),
  discoveredAt: moment,
  servers: z.array(DiscoveredServer),
});
export type DiscoveredServers = z.infer<typeof DiscoveredServers>;

/** One line of `live_catalog_drift.log`. */
export const DriftEntry = z.object({
  at: moment,
  summary: z.object({
    breaking: z.int(),
    warnings: z.int(),
    info: z.int(),
    unknown: z.int(),
    added: z.int(),
    removed: z.int(),
    renamed: z.int(),
  }),
  gaps: z.array(
    z.object({
      server: z.string().optional(),
      tool: name,
      change: z.string(),
      cause: z.string().optional(),
    }),
  ),
});
export type DriftEntry = z.infer<typeof DriftEntry>;

/** `verify_runs.json`: what the last verifications came to. */
export const VerifyRuns = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('verify-runs'),
  runs: z.array(
    z.object({
      at: moment,
      /** Tools that differ between intention and what is served. */
      gaps: z.int().nonnegative(),
      /** Those of them that a server's health explains. */
      outages: z.int().nonnegative(),
      /** Schemas that have failed. */
      failures: z.int().nonnegative(),
      /** The release of the program that verified. */
      release: z.string().optional(),
    }),
  ),
});
export type VerifyRuns = z.infer<typeof VerifyRuns>;

/** The schema of each artifact that is one JSON document. */
export const artifactSchemas = {
  'live-descriptors': LiveDescriptors,
  'intended-catalog': IntendedCatalog,
  'live-catalog': LiveCatalog,
  'tool-schema-status': SchemaStatus,
  'discovered-servers': DiscoveredServers,
  'verify-runs': VerifyRuns,
} as const;
export type ArtifactKind = keyof typeof artifactSchemas;
export type Artifact<Kind extends ArtifactKind> = z.infer<(typeof artifactSchemas)[Kind]>;

/** An artifact, or why a value is none. */
export type ArtifactReading<Kind extends ArtifactKind> =
  | { readonly kind: 'read'; readonly artifact: Artifact<Kind> }
  /** A newer version wrote it; it is not touched. */
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Reads an artifact of one kind from parsed JSON. */
export function readArtifact<Kind extends ArtifactKind>(
  kind: Kind,
  value: unknown,
): ArtifactReading<Kind> {
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'number' && version > 1) return { kind: 'newer', version };
  const parsed = artifactSchemas[kind].safeParse(value);
  if (parsed.success) return { kind: 'read', artifact: parsed.data as Artifact<Kind> };
  const problems = parsed.error.issues
    .slice(0, 10)
    .map(({ path, message }) => `/${path.join('/')}: ${message}`);
  return { kind: 'invalid', problems };
}
