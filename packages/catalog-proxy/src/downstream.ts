import { hashTools, type DescribedServer } from '@holdfast/catalog-diff/snapshots';
import {
  captureConnection,
  connectServer,
  createValueRedactor,
  explainFailure,
  NoAnswerError,
  ServerError,
  type CapturedServer,
  type RequestOptions,
  type ServerAddress,
  type ServerConnection,
} from '@holdfast/mcp-client';
import { coalesce } from './coalesce.js';

/** A server behind the proxy: started when it is needed, started again when it goes. */
export interface Downstream {
  readonly name: string;
  /** What it described last, and how it is. */
  described(): DescribedServer | undefined;
  /** Connects and asks for its tools; resolves when that is settled, well or badly. */
  start(): Promise<void>;
  /** Waits for a start that is under way or due soon. */
  settle(): Promise<void>;
  /**
   * Sends a request.
   *
   * @throws {ServerError} what the server answers in place of a result.
   * @throws {NoAnswerError} when no answer comes.
   * @throws {UnreachableError} when there is no connection, and none comes about.
   */
  request(
    method: string,
    params: Record<string, unknown>,
    options: RequestOptions,
  ): Promise<unknown>;
  /** Takes the secrets of its address out of a result. */
  redact(value: unknown): unknown;
  close(): Promise<void>;
}

/** Why a server cannot be asked; the message holds no secret. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

export interface DownstreamOptions {
  readonly clientInfo: { readonly name: string; readonly version: string };
  readonly capabilities: Readonly<Record<string, object>>;
  readonly clock: () => Date;
  /** How long one request may take, the handshake among them, in milliseconds. */
  readonly timeoutMs: number;
  /** The first wait before it is started again, which doubles up to `maxBackoffMs`, in milliseconds. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** What was known of it before. */
  readonly before?: DescribedServer | undefined;
  /** Whether it is only started when it is called, and not started again when it goes. */
  readonly isLazy: boolean;
  /** Called when what it describes, or how it is, has changed. */
  readonly onChange: () => void;
  readonly onReconnect: () => void;
  readonly onNotification: (method: string, params: Record<string, unknown>) => void;
  readonly onRequest: (
    method: string,
    params: Record<string, unknown>,
  ) => Promise<object> | undefined;
}

/** Notices of changed tools that come within this time are one. */
const changeMs = 100;

/** A call waits for a start that is due within this time; otherwise it is told that the server is away. */
const patienceMs = 1000;

export function createDownstream(
  name: string,
  address: ServerAddress,
  options: DownstreamOptions,
): Downstream {
  const { timeoutMs, backoffMs, maxBackoffMs, isLazy, onChange } = options;
  const lifetime = new AbortController();
  const redactValue = createValueRedactor(address);
  let described = options.before;
  let connection: ServerConnection | undefined;
  let starting: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = 0;
  let failures = 0;
  let hasBeenUp = false;

  const isOver = (): boolean => lifetime.signal.aborted;

  async function connect(): Promise<void> {
    let made: ServerConnection | undefined;
    try {
      made = await connectServer(address, {
        clientInfo: options.clientInfo,
        capabilities: options.capabilities,
        timeoutMs,
        signal: lifetime.signal,
        onClose: () => {
          if (made !== undefined && connection === made) lose('the connection closed');
        },
        onNotification: (method, params) => {
          if (method === 'notifications/tools/list_changed') listAgain();
          else options.onNotification(method, params);
        },
        onRequest: options.onRequest,
      });
      if (isOver()) {
        await made.close();
        return;
      }
      connection = made;
      void made.listen();
      const captured = await list(made);
      if (connection !== made) return;
      if (captured.health !== 'up' && captured.health !== 'partial') {
        connection = undefined;
        await made.close();
        fail(captured);
        return;
      }
      if (hasBeenUp) options.onReconnect();
      hasBeenUp = true;
      failures = 0;
      describe(captured);
    } catch (error) {
      if (isOver()) return;
      connection = undefined;
      await made?.close();
      fail({ ...nothingOf(name, options.capabilities), ...explainFailure(error, address) });
    }
  }

  function list(from: ServerConnection): Promise<CapturedServer> {
    const deadline = AbortSignal.timeout(4 * timeoutMs);
    return captureConnection(name, from, {
      signal: AbortSignal.any([lifetime.signal, deadline]),
    });
  }

  const listAgain = coalesce(() => {
    const from = connection;
    if (from === undefined) return;
    void list(from).then((captured) => {
      if (connection === from && !isOver()) describe(captured);
    });
  }, changeMs);

  function describe(captured: CapturedServer): void {
    described = describeServer(captured, described);
    onChange();
  }

  function fail(captured: CapturedServer): void {
    failures++;
    describe(captured);
    if (!isLazy || hasBeenUp) startLater();
    else dueAt = Date.now() + waitOf(failures);
  }

  /** The connection is gone. A lazy server keeps its place: the next call starts it. */
  function lose(error: string): void {
    connection = undefined;
    if (isOver()) return;
    if (isLazy) return;
    describe({ ...nothingOf(name, options.capabilities), health: 'failed', error });
    startLater();
  }

  function startLater(): void {
    const wait = waitOf(failures);
    dueAt = Date.now() + wait;
    clearTimeout(timer);
    timer = setTimeout(() => void start(), wait);
  }

  function waitOf(count: number): number {
    return Math.min(maxBackoffMs, backoffMs * 2 ** Math.min(count, 20));
  }

  function start(): Promise<void> {
    if (isOver() || connection !== undefined) return starting ?? Promise.resolve();
    clearTimeout(timer);
    timer = undefined;
    starting ??= connect().finally(() => {
      starting = undefined;
    });
    return starting;
  }

  async function settle(): Promise<void> {
    if (starting !== undefined) await starting;
    if (connection !== undefined || isOver()) return;
    const wait = failures === 0 ? 0 : dueAt - Date.now();
    if (wait > patienceMs) return;
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    await start();
  }

  async function ready(): Promise<ServerConnection> {
    await settle();
    if (connection !== undefined) return connection;
    const why = described?.error ?? 'it is closed';
    const seconds = Math.ceil((dueAt - Date.now()) / 1000);
    const next = seconds > 0 ? `; it is tried again in ${seconds} s` : '';
    throw new UnreachableError(`the server ${name} cannot be reached: ${why}${next}`);
  }

  async function request(
    method: string,
    params: Record<string, unknown>,
    request: RequestOptions,
  ): Promise<unknown> {
    const from = await ready();
    try {
      return await from.request(method, params, request);
    } catch (error) {
      if (error instanceof ServerError || error instanceof NoAnswerError) throw error;
      const { error: message } = explainFailure(error, address);
      const { status } = error as { status?: unknown };
      // A session that the server does not know any more: it has not run the call.
      if (status === 404 || isRefusedConnection(error)) {
        if (connection === from) connection = undefined;
        await from.close();
        const again = await ready();
        return again.request(method, params, request);
      }
      if (status === undefined && connection === from) {
        lose(message);
        await from.close();
      }
      throw new UnreachableError(`the server ${name} did not answer: ${message}`);
    }
  }

  return {
    name,
    described: () => described,
    start,
    settle,
    request,
    redact: (value) => redactValue?.(value) ?? value,
    close: async () => {
      lifetime.abort();
      clearTimeout(timer);
      listAgain.cancel();
      const last = connection;
      connection = undefined;
      await last?.close();
      await starting;
    },
  };
}

/** Whether nobody listened, so that the request was not heard. */
function isRefusedConnection(error: unknown): boolean {
  const { cause } = (error ?? {}) as { cause?: { code?: unknown } };
  return cause?.code === 'ECONNREFUSED';
}

function nothingOf(
  name: string,
  capabilities: Readonly<Record<string, object>>,
): Omit<CapturedServer, 'health'> & { health: 'failed' } {
  return {
    name,
    health: 'failed',
    durationMs: 0,
    clientCapabilities: { ...capabilities },
    pages: 0,
    tools: [],
    problems: [],
  };
}

/** What a server described, as an artifact keeps it. Of one that does not answer the tools of before are kept. */
function describeServer(
  captured: CapturedServer,
  before: DescribedServer | undefined,
): DescribedServer {
  const isGone = captured.tools.length === 0 && captured.health !== 'up';
  const tools = (
    isGone && before !== undefined ? before.tools : captured.tools
  ) as DescribedServer['tools'];
  const problems =
    isGone && tools.length > 0
      ? [...captured.problems, `its ${tools.length} tools are those of an earlier capture`]
      : [...captured.problems];
  return { ...captured, tools, problems, hashes: hashTools(tools) } as DescribedServer;
}
