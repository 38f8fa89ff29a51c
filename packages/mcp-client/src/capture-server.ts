import { connectServer, type ConnectOptions, type ServerConnection } from './connect-server.js';
import { listTools, type ListOptions } from './list-tools.js';
import { createRedactor } from './redact-secrets.js';
import type { ServerAddress } from './server-address.js';

export interface CaptureOptions extends ConnectOptions, ListOptions {
  /** The time in milliseconds, for durations. Default: `performance.now()`. */
  readonly now?: () => number;
  /** How long one server may take in all, in milliseconds. Default four times `timeoutMs`. */
  readonly totalMs?: number;
}

/** What one server offered, as plain data. Nothing of its environment or headers is in it. */
export interface CapturedServer {
  readonly name: string;
  /**
   * - `up`: the list is whole.
   * - `partial`: some of it came.
   * - `timeout`, `unauthorized`, `failed`: nothing came, and `error` says why.
   */
  readonly health: 'up' | 'partial' | 'failed' | 'timeout' | 'unauthorized';
  readonly error?: string;
  readonly durationMs: number;
  readonly protocolVersion?: string;
  readonly serverInfo?: Record<string, unknown>;
  readonly instructions?: string;
  readonly clientCapabilities: Record<string, unknown>;
  readonly pages: number;
  /** The descriptors as the server wrote them. */
  readonly tools: readonly unknown[];
  readonly problems: readonly string[];
}

/** Deepest nesting of a descriptor that is kept. */
const maxDepth = 1000;

/**
 * Connects to a server, asks for all its tools, and leaves. Never throws for what a server does: a server that is slow,
 * dead or mad has its `health`, and what it said before counts.
 */
export async function captureServer(
  name: string,
  address: ServerAddress,
  options: CaptureOptions = {},
): Promise<CapturedServer> {
  const { now = () => performance.now(), timeoutMs = 15_000, totalMs = 4 * timeoutMs } = options;
  const started = now();
  const deadline = AbortSignal.timeout(totalMs);
  const signal =
    options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]);
  const elapsed = (): number => Math.max(0, Math.round(now() - started));
  let connection: ServerConnection;
  try {
    connection = await connectServer(address, { ...options, timeoutMs, signal });
  } catch (error) {
    const { health, error: message } = explainFailure(error, address);
    return {
      name,
      health,
      error: message,
      durationMs: elapsed(),
      clientCapabilities: { ...options.capabilities },
      pages: 0,
      tools: [],
      problems: [],
    };
  }
  try {
    return {
      ...(await captureConnection(name, connection, { ...options, signal })),
      durationMs: elapsed(),
    };
  } finally {
    await connection.close();
  }
}

/** Why there is no connection: what is wrong with the server, and its words without the address's secrets. */
export function explainFailure(
  error: unknown,
  address: ServerAddress,
): { readonly health: 'failed' | 'timeout' | 'unauthorized'; readonly error: string } {
  const message = createRedactor(address)(messageOf(error));
  return { health: healthOf(error, message), error: message };
}

/** Asks a server that is connected for all its tools. Never throws for what the server does. */
export async function captureConnection(
  name: string,
  connection: ServerConnection,
  options: ListOptions & Pick<CaptureOptions, 'now'> = {},
): Promise<CapturedServer> {
  const { now = () => performance.now() } = options;
  const started = now();
  const { tools, pages, problems, error } = await listTools(connection, options);
  const kept = tools.filter((tool) => depthOf(tool) <= maxDepth);
  const deep = tools.length - kept.length;
  const said = [
    ...problems,
    ...(deep > 0 ? [`${deep} tools nest deeper than ${maxDepth} and are left out`] : []),
    ...connection.notes.filter((text) => !text.startsWith('stderr: ')),
  ];
  const { protocolVersion, serverInfo, instructions, redact, clientCapabilities } = connection;
  const health =
    error !== undefined
      ? kept.length > 0
        ? 'partial'
        : healthOf(undefined, error)
      : problems.length + deep > 0
        ? 'partial'
        : 'up';
  return {
    name,
    health,
    ...(error !== undefined && { error }),
    durationMs: Math.max(0, Math.round(now() - started)),
    ...(protocolVersion !== undefined && { protocolVersion }),
    ...(serverInfo !== undefined && { serverInfo }),
    ...(instructions !== undefined && { instructions: redact(instructions) }),
    clientCapabilities,
    pages,
    tools: kept,
    problems: said,
  };
}

function healthOf(error: unknown, message: string): 'failed' | 'timeout' | 'unauthorized' {
  const { code, status } = (error ?? {}) as { code?: unknown; status?: unknown };
  if (status === 401 || code === 401 || /\b401\b|unauthorized/i.test(message))
    return 'unauthorized';
  return /time(?:d )?out|timeout/i.test(message) ? 'timeout' : 'failed';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function depthOf(value: unknown): number {
  let deepest = 0;
  const pending = [{ value, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    deepest = Math.max(deepest, next.depth);
    if (typeof next.value !== 'object' || next.value === null || deepest > maxDepth) continue;
    for (const part of Object.values(next.value))
      pending.push({ value: part, depth: next.depth + 1 });
  }
  return deepest;
}
