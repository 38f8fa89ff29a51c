import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  Client,
  PROTOCOL_VERSION_META_KEY,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { openRawChannel, type Listeners, type RequestOptions } from './raw-channel.js';
import { createRedactor } from './redact-secrets.js';
import type { ServerAddress } from './server-address.js';

export interface ConnectOptions extends Listeners {
  /** How long one request may take, the handshake among them, in milliseconds. Default 15,000. */
  readonly timeoutMs?: number;
  /** What the client says that it is. */
  readonly clientInfo?: { readonly name: string; readonly version: string };
  /** What the client says that it can do; servers may offer other tools to another client. Default: nothing. */
  readonly capabilities?: Readonly<Record<string, object>>;
  /** Ends the connecting, and each request that has no signal of its own. */
  readonly signal?: AbortSignal;
  /** Called once, when the connection is gone. */
  readonly onClose?: () => void;
}

/** A connection to one server, of either generation of the protocol. */
export interface ServerConnection {
  readonly protocolVersion: string | undefined;
  readonly serverInfo: Record<string, unknown> | undefined;
  readonly instructions: string | undefined;
  readonly clientCapabilities: Record<string, unknown>;
  /**
   * Sends a request; resolves to its result as the server wrote it, nothing checked or taken away.
   *
   * @throws {ServerError} what the server answers in place of a result.
   * @throws {NoAnswerError} `timeout`, `cancelled`, `closed`; the server is told of the first two.
   */
  request(
    method: string,
    params?: Record<string, unknown>,
    options?: RequestOptions,
  ): Promise<unknown>;
  /**
   * Has the server tell of changes of its tools, as notifications. Servers before 2026-07-28 do so unasked; one that
   * cannot is left alone.
   */
  listen(): Promise<void>;
  /** What went wrong beside requests: lines that are no messages, what the server wrote to stderr last. */
  readonly notes: readonly string[];
  /** Takes the secrets of the server's address out of a text. */
  redact(text: string): string;
  close(): Promise<void>;
}

/** The first version of the protocol in which each message says by itself who sends it. */
const sessionlessSince = '2026-07-28';

/**
 * Connects to a server, in the newest version of the protocol that both speak: by `server/discover`, else by
 * `initialize`. The server's requests are answered as by a client that can do nothing but what `capabilities` say.
 *
 * @throws whatever the SDK throws when no connection comes about; the message may hold secrets until it is redacted.
 */
export async function connectServer(
  address: ServerAddress,
  {
    timeoutMs = 15_000,
    clientInfo = { name: 'holdfast', version: '0.0.0' },
    capabilities = {},
    signal,
    onNotification,
    onRequest,
    onClose,
  }: ConnectOptions = {},
): Promise<ServerConnection> {
  const notes: string[] = [];
  const redact = createRedactor(address);
  const note = (text: string): void => {
    if (notes.length < 20) notes.push(redact(text).slice(0, 500));
  };
  const client = new Client(clientInfo, {
    capabilities,
    versionNegotiation: { mode: 'auto', probe: { timeoutMs: Math.min(timeoutMs, 5000) } },
  });
  if (Object.hasOwn(capabilities, 'roots'))
    client.setRequestHandler('roots/list', () => ({ roots: [] }));
  const transport = openTransport(address, note);
  const close = async (): Promise<void> => {
    await client.close().catch(() => undefined);
    await transport.close().catch(() => undefined);
  };
  const options = { timeout: timeoutMs, ...(signal !== undefined && { signal }) };
  try {
    await client.connect(transport, options);
  } catch (error) {
    await close();
    throw withNotes(error, notes, redact);
  }
  client.onerror = (error) => note(error.message);
  const protocolVersion = client.getNegotiatedProtocolVersion();
  const isSessionless = protocolVersion !== undefined && protocolVersion >= sessionlessSince;
  const channel = openRawChannel(client.transport ?? transport, {
    envelope: isSessionless
      ? {
          [PROTOCOL_VERSION_META_KEY]: protocolVersion,
          [CLIENT_INFO_META_KEY]: clientInfo,
          [CLIENT_CAPABILITIES_META_KEY]: capabilities,
        }
      : undefined,
    timeoutMs,
    ...(onNotification !== undefined && { onNotification }),
    ...(onRequest !== undefined && { onRequest }),
  });
  client.onclose = () => {
    channel.close();
    onClose?.();
  };
  return {
    protocolVersion,
    serverInfo: client.getServerVersion() as Record<string, unknown> | undefined,
    instructions: client.getInstructions(),
    clientCapabilities: { ...capabilities },
    request: (method, params = {}, request = {}) =>
      channel.request(method, params, { ...(signal !== undefined && { signal }), ...request }),
    listen: async () => {
      if (isSessionless)
        await client.listen({ toolsListChanged: true }, options).catch((error: Error) => {
          note(error.message);
        });
    },
    notes,
    redact,
    close,
  };
}

function openTransport(
  address: ServerAddress,
  note: (text: string) => void,
): StdioClientTransport | StreamableHTTPClientTransport {
  if (address.kind === 'http')
    return new StreamableHTTPClientTransport(new URL(address.url), {
      requestInit: { headers: { ...address.headers } },
      reconnectionOptions: {
        maxRetries: 0,
        initialReconnectionDelay: 100,
        maxReconnectionDelay: 100,
        reconnectionDelayGrowFactor: 1,
      },
    });
  const transport = new StdioClientTransport({
    command: address.command,
    args: [...address.args],
    env: { ...address.env },
    stderr: 'pipe',
    maxBufferSize: 64 * 1024 * 1024,
    ...(address.cwd !== undefined && { cwd: address.cwd }),
  });
  transport.stderr?.on('data', (chunk: Uint8Array) => {
    const text = new TextDecoder().decode(chunk).trim();
    if (text !== '') note(`stderr: ${text}`);
  });
  return transport;
}

function withNotes(
  error: unknown,
  notes: readonly string[],
  redact: (text: string) => string,
): Error {
  const message = redact(error instanceof Error ? error.message : String(error));
  const last = notes.at(-1);
  const wrapped = new Error(last === undefined ? message : `${message}; ${last}`);
  const { code, status } = (error ?? {}) as { code?: unknown; status?: unknown };
  return Object.assign(wrapped, { code, status });
}
