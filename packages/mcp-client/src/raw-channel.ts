import type { Transport } from '@modelcontextprotocol/client';

/** How one request is made. */
export interface RequestOptions {
  /** How long it may take, in milliseconds; each notice of progress starts it anew. Default: that of the connection. */
  readonly timeoutMs?: number;
  /** Cancels it, at the server too. */
  readonly signal?: AbortSignal;
  /** Asks the server to tell how far it is. */
  readonly onProgress?: (progress: Record<string, unknown>) => void;
  /** More headers, of a server that is reached over HTTP. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is done about what a server sends of itself; it comes as the server wrote it. */
export interface Listeners {
  /** A notification, but for those of progress. */
  readonly onNotification?: (method: string, params: Record<string, unknown>) => void;
  /** A request of the server; undefined leaves it to the SDK, which answers `ping` and refuses the rest. */
  readonly onRequest?: (
    method: string,
    params: Record<string, unknown>,
  ) => Promise<object> | undefined;
}

/** Why a server did not do what it was asked, in its own words. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  /** The code of JSON-RPC. */
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** Why no answer came. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly code: 'timeout' | 'cancelled' | 'closed';

  constructor(code: NoAnswerError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Requests whose results come as they were written. */
export interface RawChannel {
  request(
    method: string,
    params: Record<string, unknown>,
    options: RequestOptions,
  ): Promise<unknown>;
  /** Lets nothing wait any more. */
  close(): void;
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: Record<string, unknown>) => void) | undefined;
  readonly touch: () => void;
}

type Message = Record<string, unknown>;

/** Ids of the SDK start at 0; ours are so far away that the two never meet. */
const firstId = 1_000_000_000;

/**
 * Takes over a transport whose connection is made: its own requests pass by the SDK, which would check results, strip what
 * it does not know, and refuse a whole list for one bad tool. All else goes on to the SDK.
 *
 * @param envelope what `_meta` of each message bears since 2026-07-28; undefined before
 */
export function openRawChannel(
  transport: Transport,
  {
    envelope,
    timeoutMs,
    onNotification,
    onRequest,
  }: Listeners & {
    readonly envelope: Readonly<Record<string, unknown>> | undefined;
    readonly timeoutMs: number;
  },
): RawChannel {
  const pending = new Map<number, Pending>();
  let nextId = firstId;
  let isClosed = false;
  const toSdk = transport.onmessage?.bind(transport);
  const send = (message: Message, options?: object): Promise<void> =>
    transport.send(message as never, options as never);

  transport.onmessage = (received, extra) => {
    const message = received as unknown as Message;
    const { id, method } = message;
    if (method === undefined && typeof id === 'number' && id >= firstId) {
      settle(pending.get(id), message);
      pending.delete(id);
      return;
    }
    const params = (message['params'] ?? {}) as Record<string, unknown>;
    if (method === 'notifications/progress' && isOurs(params['progressToken'])) {
      const waiting = pending.get(params['progressToken'] as number);
      waiting?.touch();
      waiting?.onProgress?.(params);
      return;
    }
    if (typeof method === 'string' && id !== undefined) {
      const answer = onRequest?.(method, params);
      if (answer !== undefined) {
        void reply(id, answer);
        return;
      }
    } else if (typeof method === 'string') onNotification?.(method, params);
    toSdk?.(received, extra as never);
  };

  async function reply(id: unknown, answer: Promise<object>): Promise<void> {
    const message = await answer.then(
      (result): Message => ({ jsonrpc: '2.0', id, result }),
      (error: unknown): Message => ({ jsonrpc: '2.0', id, error: errorOf(error) }),
    );
    await send(message).catch(() => undefined);
  }

  return {
    request: (method, params, options) => {
      const { signal, onProgress, headers } = options;
      if (isClosed) return Promise.reject(new NoAnswerError('closed', 'the connection is closed'));
      if (signal?.aborted === true)
        return Promise.reject(new NoAnswerError('cancelled', 'cancelled'));
      return new Promise((resolve, reject) => {
        const id = nextId++;
        const limit = options.timeoutMs ?? timeoutMs;
        const abort =
          envelope !== undefined && transport.hasPerRequestStream === true
            ? new AbortController()
            : undefined;
        const end = (): void => {
          clearTimeout(timer);
          pending.delete(id);
          signal?.removeEventListener('abort', onAbort);
        };
        const cancel = (error: NoAnswerError): void => {
          end();
          if (abort !== undefined) abort.abort();
          else
            void send({
              jsonrpc: '2.0',
              method: 'notifications/cancelled',
              params: withEnvelope({ requestId: id, reason: error.message }),
            }).catch(() => undefined);
          reject(error);
        };
        const onAbort = (): void => cancel(new NoAnswerError('cancelled', 'cancelled'));
        const onTimeout = (): void =>
          cancel(new NoAnswerError('timeout', `timed out after ${limit} ms`));
        let timer = setTimeout(onTimeout, limit);
        signal?.addEventListener('abort', onAbort, { once: true });
        pending.set(id, {
          resolve: (result) => {
            end();
            resolve(result);
          },
          reject: (error) => {
            end();
            reject(error);
          },
          onProgress,
          touch: () => {
            clearTimeout(timer);
            timer = setTimeout(onTimeout, limit);
          },
        });
        const own = onProgress === undefined ? params : withMeta(params, { progressToken: id });
        send(
          { jsonrpc: '2.0', id, method, params: withEnvelope(own) },
          {
            ...(headers !== undefined && { headers }),
            ...(abort !== undefined && { requestSignal: abort.signal }),
          },
        ).catch((error: unknown) => {
          pending.get(id)?.reject(error instanceof Error ? error : new Error(String(error)));
        });
      });
    },
    close: () => {
      isClosed = true;
      for (const { reject } of pending.values())
        reject(new NoAnswerError('closed', 'the connection closed before the answer came'));
    },
  };

  function withEnvelope(params: Record<string, unknown>): Record<string, unknown> {
    return envelope === undefined ? params : withMeta(params, envelope);
  }
}

function settle(waiting: Pending | undefined, { result, error }: Message): void {
  if (error === undefined) waiting?.resolve(result);
  else {
    const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
    const known = typeof code === 'number' ? code : -32603;
    waiting?.reject(new ServerError(known, String(message ?? 'error'), data));
  }
}

function isOurs(token: unknown): boolean {
  return typeof token === 'number' && token >= firstId;
}

function withMeta(
  params: Record<string, unknown>,
  meta: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return { ...params, _meta: { ...(params['_meta'] as object | undefined), ...meta } };
}

function errorOf(error: unknown): object {
  if (error instanceof ServerError)
    return {
      code: error.code,
      message: error.message,
      ...(error.data !== undefined && { data: error.data }),
    };
  return { code: -32603, message: error instanceof Error ? error.message : String(error) };
}
