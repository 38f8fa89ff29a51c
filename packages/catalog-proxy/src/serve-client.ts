import { CLIENT_CAPABILITIES_META_KEY, Server } from '@modelcontextprotocol/server';
import type { ServerContext } from '@modelcontextprotocol/server';
import { ServerError } from '@holdfast/mcp-client';
import type { CallPeer, CatalogProxy, PassedOn } from './catalog-proxy.js';
import type { HeldCalls } from './held-calls.js';

export interface ServeClientOptions {
  readonly proxy: CatalogProxy;
  readonly held: HeldCalls;
  readonly info: { readonly name: string; readonly version: string };
}

type Params = Readonly<Record<string, unknown>>;

/** Takes any result, as it is. */
const anything = {
  '~standard': {
    version: 1 as const,
    vendor: 'holdfast',
    validate: (value: unknown) => ({ value }),
  },
};

/**
 * The MCP server of one connection, or of one call over HTTP: the SDK speaks the protocol, of either generation, and what it
 * has no handler for goes to the proxy as it came and back as it is.
 */
export function createClientServer(
  { proxy, held, info }: ServeClientOptions,
  era: 'modern' | 'legacy',
): Server {
  const server = new Server(info, {
    capabilities: { tools: { listChanged: true }, logging: {} },
    instructions:
      'The tools of several servers, as their catalog is intended; a server that is away has none here.',
  });
  server.fallbackRequestHandler = async ({ method, params = {} }, context) => {
    if (method === 'tools/list') return { ...(await proxy.listTools()) };
    if (method === 'tools/call')
      return (await callTool(params as Params, context, { proxy, held, server, era })) as never;
    throw new ServerError(-32601, 'Method not found');
  };
  return server;
}

async function callTool(
  { name, arguments: given = {} }: Params,
  context: ServerContext,
  {
    proxy,
    held,
    server,
    era,
  }: {
    readonly proxy: CatalogProxy;
    readonly held: HeldCalls;
    readonly server: Server;
    readonly era: 'modern' | 'legacy';
  },
): Promise<object> {
  if (typeof name !== 'string') throw new ServerError(-32602, 'params.name must be a string');
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ServerError(-32602, 'params.arguments must be an object');
  const { mcpReq } = context;
  const isModern = era === 'modern';
  const { progressToken, ...meta } = (mcpReq._meta ?? {}) as Record<string, unknown>;
  const notify = (method: string, params: Params): void => {
    void mcpReq.notify({ method, params: { ...params } } as never).catch(() => undefined);
  };
  const can = (what: PassedOn): boolean =>
    Object.hasOwn(capabilitiesOf(context, server, isModern), what);
  const call = (
    peer: CallPeer,
    signal: AbortSignal,
    answers: { inputResponses?: unknown; requestState?: string } = {},
  ): Promise<object> =>
    proxy.call({
      name,
      arguments: given as Params,
      meta,
      answers,
      signal,
      ...((typeof progressToken === 'string' || typeof progressToken === 'number') && {
        onProgress: (progress: Record<string, unknown>) =>
          notify('notifications/progress', { ...progress, progressToken }),
      }),
      peer,
      takesQuestions: isModern,
    });
  if (!isModern)
    return call(
      {
        can,
        notify,
        ask: async (method, params) =>
          (await mcpReq.send({ method, params } as never, anything as never)) as object,
      },
      mcpReq.signal,
    );

  const { inputResponses } = mcpReq;
  const state: unknown = mcpReq.requestState();
  const answered = inputResponses?.['ask'];
  const resumed =
    typeof state === 'string' && answered !== undefined
      ? held.resume(name, state, answered as object)
      : undefined;
  const lifetime = new AbortController();
  const end = (): void => lifetime.abort();
  const started =
    resumed ??
    (() => {
      mcpReq.signal.addEventListener('abort', end, { once: true });
      return held.run(
        name,
        (ask) =>
          call({ can, notify, ask: (method, params) => ask({ method, params }) }, lifetime.signal, {
            ...(inputResponses !== undefined && { inputResponses }),
            ...(typeof state === 'string' && { requestState: state }),
          }),
        end,
      );
    })();
  const step = await started;
  // A call that waits for an answer outlives the request that began it.
  mcpReq.signal.removeEventListener('abort', end);
  if (step.kind === 'done') return step.result;
  return {
    resultType: 'input_required',
    inputRequests: { ask: step.question },
    requestState: step.state,
  };
}

/** What the client said that it can: with each call since 2026-07-28, once before. */
function capabilitiesOf(
  { mcpReq }: ServerContext,
  server: Server,
  isModern: boolean,
): Readonly<Record<string, unknown>> {
  if (!isModern) return server.getClientCapabilities() ?? {};
  const told = (mcpReq.envelope as Params | undefined)?.[CLIENT_CAPABILITIES_META_KEY];
  return (told ?? {}) as Readonly<Record<string, unknown>>;
}
