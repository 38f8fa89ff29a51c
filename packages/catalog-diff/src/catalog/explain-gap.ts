import type {
  DescribedServer,
  IntendedCatalog,
  LiveCatalog,
  LiveDescriptors,
  SchemaStatus,
  ServerHealth,
} from '../artifacts/artifact-schemas.js';
import { isSameSchemas } from '../artifacts/hash-schema.js';
import { canonicalJson } from '../schema/canonical-json.js';
import type { Json } from '../schema/json.js';
import type { ToolChange } from './compare-catalogs.js';
import type { GapCause } from './gap-cause.js';

/** What is known of the surroundings of a gap; each of it may be missing. */
export interface GapEvidence {
  readonly intended?: IntendedCatalog;
  readonly live?: LiveCatalog;
  /** What the servers offer now. */
  readonly descriptors?: LiveDescriptors;
  /** What they offered when the intended catalog was rendered. */
  readonly previousDescriptors?: LiveDescriptors;
  readonly status?: SchemaStatus;
}

/**
 * Says why the live catalog differs from the intended one for a tool: what the proxy, the configuration or the server has
 * to do with it, the nearest cause first. Undefined where nothing of the evidence explains it.
 */
export function explainGap(change: ToolChange, evidence: GapEvidence): GapCause | undefined {
  const source = sourceOf(change, evidence);
  return (
    fromConfiguration(change, source, evidence) ??
    fromHealth(change, source, evidence) ??
    fromFallback(change, evidence) ??
    fromLock(source, evidence) ??
    fromServer(source, evidence)
  );
}

interface Source {
  server: string | undefined;
  tool: string;
}

/** The tool of a server behind a tool that clients see. */
function sourceOf({ server, name, from }: ToolChange, { intended, live }: GapEvidence): Source {
  for (const wanted of [from, name]) {
    const tools = [...(intended?.tools ?? []), ...(live?.tools ?? [])];
    const tool = tools.find(
      (one) => one.name === wanted && (server === undefined || one.server === server),
    );
    if (tool?.source !== undefined) return { server: tool.source.server, tool: tool.source.tool };
  }
  return { server, tool: from ?? name };
}

function fromConfiguration(
  { change, name, from }: ToolChange,
  source: Source,
  { intended }: GapEvidence,
): GapCause | undefined {
  const isSource = (entry: { server: string; tool: string }): boolean =>
    (entry.tool === source.tool || entry.tool === name) &&
    (source.server === undefined || entry.server === source.server);
  if (change === 'added') {
    const hidden = intended?.hidden.find(isSource);
    if (hidden !== undefined) {
      const reason = hidden.reason === undefined ? '' : `: ${hidden.reason}`;
      return {
        kind: 'hidden',
        message: `it is hidden by the aggregations, and served all the same${reason}`,
      };
    }
    if (intended?.disabled.some(isSource) === true)
      return {
        kind: 'disabled',
        message: 'an override disables it, and it is served all the same',
      };
  }
  if (change === 'renamed' && from !== undefined)
    return { kind: 'rename', message: `it seems to be what was called ${from}` };
  return undefined;
}

function fromHealth(
  { change }: ToolChange,
  { server }: Source,
  { live, descriptors, previousDescriptors }: GapEvidence,
): GapCause | undefined {
  if (change !== 'removed' || server === undefined) return undefined;
  const states = [
    live?.servers.find(({ name }) => name === server),
    descriptors?.servers.find(({ name }) => name === server),
  ];
  const bad = states.find((state) => state !== undefined && state.health !== 'up');
  if (bad !== undefined) {
    const error = bad.error === undefined ? '' : `: ${bad.error}`;
    if (bad.health === 'disabled')
      return { kind: 'disabled', message: `the server ${server} is switched off` };
    return { kind: 'health', message: `the server ${server} ${unwell[bad.health]}${error}` };
  }
  const wasThere = previousDescriptors?.servers.some(({ name }) => name === server) ?? true;
  const isGone =
    (live ?? descriptors) !== undefined && states.every((state) => state === undefined);
  return isGone && wasThere
    ? { kind: 'discovery', message: `the server ${server} was not found` }
    : undefined;
}

function fromFallback({ server, name }: ToolChange, { live }: GapEvidence): GapCause | undefined {
  const served = live?.tools.find(
    (tool) => tool.name === name && (server === undefined || tool.server === server),
  );
  if (served?.schemaSource === undefined || served.schemaSource === 'declared') return undefined;
  const which = served.schemaSource === 'previous' ? 'the schema before' : 'the generic schema';
  return { kind: 'schema-fallback', message: `the proxy fell back to ${which}` };
}

function fromLock(
  { server, tool }: Source,
  { status, intended }: GapEvidence,
): GapCause | undefined {
  const locked =
    status?.tools.find((one) => one.tool === tool && one.server === server)?.locked === true ||
    intended?.tools.some((one) => one.name === tool && one.lockSchema === true) === true;
  return locked
    ? { kind: 'lock', message: 'its schema is locked, and the server’s has moved on' }
    : undefined;
}

/** What changed at the server between two captures: itself, who asked, or what it is built of. */
function fromServer(
  { server, tool }: Source,
  { descriptors, previousDescriptors }: GapEvidence,
): GapCause | undefined {
  const find = (all: LiveDescriptors | undefined): DescribedServer | undefined =>
    all?.servers.find(({ name }) => name === server);
  const before = find(previousDescriptors);
  const after = find(descriptors);
  if (before === undefined || after === undefined) return undefined;
  const [old, recent] = [before, after].map(({ hashes }) =>
    hashes.find((one) => one.tool === tool),
  );
  const isSame =
    old !== undefined && recent !== undefined ? isSameSchemas(old, recent) : old === recent;
  if (isSame) return undefined;
  if (canonical(before.clientCapabilities) !== canonical(after.clientCapabilities))
    return {
      kind: 'client-capability',
      message: 'the server was asked by a client that can do other things',
    };
  if (canonical(before.serverInfo) === canonical(after.serverInfo))
    return {
      kind: 'dependency',
      message:
        'the server says the same version, so that one of its dependencies or its settings changed',
    };
  return {
    kind: 'server-version',
    message: `the server went from ${versionOf(before)} to ${versionOf(after)}`,
  };
}

function canonical(value: { [name: string]: Json } | undefined): string {
  return value === undefined ? '' : canonicalJson(value);
}

function versionOf({ serverInfo }: DescribedServer): string {
  const version = serverInfo?.['version'];
  return typeof version === 'string' ? version : 'an unknown version';
}

/** What became of a server, in words. */
const unwell: Readonly<Record<ServerHealth, string>> = {
  up: 'is up',
  partial: 'answered in part',
  failed: 'failed',
  timeout: 'did not answer in time',
  unauthorized: 'refused the login',
  disabled: 'is switched off',
};
