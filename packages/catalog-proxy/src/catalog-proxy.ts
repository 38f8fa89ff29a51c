import { canonicalJson, compareSchemas, type Json } from '@holdfast/catalog-diff';
import type { RenderSource } from '@holdfast/catalog-diff/render';
import type {
  DescribedServer,
  LiveCatalog,
  LiveDescriptors,
  StateStore,
  ToolStatus,
} from '@holdfast/catalog-diff/snapshots';
import { NoAnswerError, ServerError, type ServerAddress } from '@holdfast/mcp-client';
import { openAdoption, type Adoption } from './adoption.js';
import {
  admit,
  createFits,
  isRefusal,
  judge,
  wrapGenerically,
  type Attempt,
  type Outcome,
} from './call-chain.js';
import { coalesce } from './coalesce.js';
import { createDownstream, UnreachableError, type Downstream } from './downstream.js';
import { createKnownSchemas } from './known-schemas.js';
import { isLongerThan } from './limit-result.js';
import { lockedTools } from './locked-tools.js';
import { mapArguments, mapResponse, selectOperation } from './map-aggregate.js';
import {
  serveCatalog,
  type AggregateRoute,
  type ServedCatalog,
  type ToolRoute,
  type Withheld,
} from './served-catalog.js';

/** What a server may ask of the clients. */
export type PassedOn = 'sampling' | 'elicitation' | 'roots';

/** A line of the log: data, and what it is about. */
export interface ProxyLogger {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
}

/** What is counted as it happens. */
export interface ProxyObserver {
  call(server: string, result: 'ok' | 'error', seconds: number): void;
  attempt(schema: string, result: string): void;
  reconnect(server: string): void;
}

export interface ProxyOptions {
  readonly servers: ReadonlyMap<string, ServerAddress>;
  readonly sources: readonly RenderSource[];
  readonly store: StateStore;
  readonly clock: () => Date;
  readonly logger: ProxyLogger;
  readonly observer?: ProxyObserver;
  readonly clientInfo: { readonly name: string; readonly version: string };
  /** Serve the intended catalog; where there is none, what a render would make of the servers. Default false. */
  readonly useIntended?: boolean;
  /** Write `live_descriptors.json` and `live_catalog.json`. Default false. */
  readonly emitLive?: boolean;
  /** Start a server when it is called first, where its tools are known from an earlier capture. Default false. */
  readonly isLazy?: boolean;
  /** Serve the words of tools as the intended catalog has them, until a render takes new ones in. Default false. */
  readonly pinDescriptions?: boolean;
  /** What servers may ask of clients; nothing else is passed on. Default nothing. */
  readonly passOn?: readonly PassedOn[];
  /** How long a handshake, or a page of a list, may take, in milliseconds. Default 15,000. */
  readonly startTimeoutMs?: number;
  /** How long a call may take without a word of its server, in milliseconds. Default 60,000. */
  readonly callTimeoutMs?: number;
  /** Most characters of a result. Default 10,000,000. */
  readonly maxResult?: number;
  readonly thresholds?: { readonly successes: number; readonly failures: number };
  /** The first wait before a server is started again, and the longest, in milliseconds. Default 250, 30,000. */
  readonly backoffMs?: number;
  readonly maxBackoffMs?: number;
}

/** The client behind a call, as far as servers may ask it. */
export interface CallPeer {
  can(what: PassedOn): boolean;
  ask(method: string, params: Record<string, unknown>): Promise<object>;
  notify(method: string, params: Record<string, unknown>): void;
}

export interface ProxyCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly meta?: Readonly<Record<string, unknown>>;
  /** What a client of 2026-07-28 answers to a question of the server, with the state that came with it. */
  readonly answers?: {
    readonly inputResponses?: unknown;
    readonly requestState?: string | undefined;
  };
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Record<string, unknown>) => void;
  readonly peer: CallPeer;
  /** Whether questions of the server go back as the call's result; otherwise the peer is asked. */
  readonly takesQuestions: boolean;
}

/** How the proxy stands; plain data. */
export interface ProxyState {
  readonly servers: readonly {
    readonly name: string;
    readonly health: DescribedServer['health'];
    readonly error?: string;
    readonly protocolVersion?: string;
    readonly tools: number;
  }[];
  readonly served: number;
  readonly withheld: readonly Withheld[];
  /** Tools that are served with another schema than their server declares. */
  readonly downgraded: readonly { server: string; tool: string; schema: string }[];
  readonly pendingTexts: readonly { server: string; tool: string }[];
}

export interface CatalogProxy {
  /** The result of `tools/list`; waits until every server has been heard or given up. */
  listTools(): Promise<{ readonly tools: readonly object[] }>;
  /**
   * Calls a tool. What goes wrong at a server is a result with `isError`.
   *
   * @throws {ServerError} the server's own protocol errors, and -32602 for a name that is not served.
   */
  call(call: ProxyCall): Promise<object>;
  /** Told once for all changes of the list that come close together; returns how to stop. */
  onToolsChanged(listener: () => void): () => void;
  /** What is served, as `live_catalog.json` has it; undefined until the servers have been heard. */
  live(): LiveCatalog | undefined;
  /** Writes what has been counted of schemas, so that the files tell all of it. */
  flush(): Promise<void>;
  state(): ProxyState;
  close(): Promise<void>;
}

const changeMs = 100;
const maxStarts = 4;
const maxRounds = 10;

/**
 * Starts the servers, and serves their tools as one catalog. A server that is slow, dead or mad costs its own tools only.
 */
export async function openCatalogProxy(options: ProxyOptions): Promise<CatalogProxy> {
  const { servers, sources, store, clock, logger, observer, passOn = [] } = options;
  const { startTimeoutMs = 15_000, callTimeoutMs = 60_000, maxResult = 10_000_000 } = options;
  const at = (): string => clock().toISOString();
  const fits = createFits();
  const known = createKnownSchemas();
  const kept = await store.readHistory('live-descriptors');
  for (const { artifact } of kept) known.remember(artifact);
  const before = await store.read('live-descriptors').catch(() => undefined);
  if (before !== undefined) known.remember(before);
  const intended = await store.read('intended-catalog').catch((error: Error) => {
    logger.warn({ error: error.message }, 'the intended catalog cannot be read');
    return undefined;
  });
  if (options.useIntended === true && intended === undefined)
    logger.warn(
      { path: store.pathOf('intended-catalog') },
      'there is no intended catalog; serving what a render would make',
    );
  const locked = lockedTools(sources);
  const adoption: Adoption = await openAdoption({
    store,
    thresholds: options.thresholds ?? { successes: 2, failures: 2 },
    isLocked: (server, tool) => locked.has(`${server}/${tool}`) || locked.has(tool),
    onError: ({ message }) => logger.warn({ error: message }, 'the adoption cannot be written'),
  });
  const capabilities = Object.fromEntries(passOn.map((name) => [name, {}]));
  const listeners = new Set<() => void>();
  const inFlight = new Map<string, Set<CallPeer>>();
  let served: ServedCatalog | undefined;
  let isWarm = false;
  let writing: Promise<void> = Promise.resolve();

  const downstreams = new Map<string, Downstream>(
    [...servers].map(([name, address]) => {
      const known = before?.servers.find((one) => one.name === name);
      const downstream = createDownstream(name, address, {
        clientInfo: options.clientInfo,
        capabilities,
        clock,
        timeoutMs: startTimeoutMs,
        backoffMs: options.backoffMs ?? 250,
        maxBackoffMs: options.maxBackoffMs ?? 30_000,
        before: known,
        isLazy: options.isLazy === true,
        onChange: () => {
          noteChange(name);
        },
        onReconnect: () => observer?.reconnect(name),
        onNotification: (method, params) => {
          const [only, ...more] = inFlight.get(name) ?? [];
          if (method === 'notifications/message' && more.length === 0) only?.notify(method, params);
        },
        onRequest: (method, params) => answerServer(name, method, params),
      });
      return [name, downstream];
    }),
  );

  function noteChange(name: string): void {
    const described = downstreams.get(name)?.described();
    if (described === undefined) return;
    known.remember({ servers: [described] });
    if (described.health === 'up' || described.health === 'partial')
      adoption.noteSchemas(name, described.hashes, at());
    logger.info(
      {
        server: name,
        health: described.health,
        tools: described.tools.length,
        ...(described.error !== undefined && { error: described.error }),
      },
      'server',
    );
    if (isWarm) refreshSoon();
  }

  const refreshSoon = coalesce(() => {
    const old = served;
    refresh();
    if (old === undefined || isSameList(old, served!)) return;
    void write(true);
    for (const listener of listeners) listener();
  }, changeMs);

  function describe(): LiveDescriptors {
    const described = [...downstreams.values()].map(
      (one): DescribedServer => one.described() ?? unheard(one.name),
    );
    return {
      schemaVersion: 1,
      kind: 'live-descriptors',
      capturedAt: at(),
      servers: described.sort((left, right) => (left.name < right.name ? -1 : 1)),
    };
  }

  function refresh(): void {
    served = serveCatalog({
      descriptors: describe(),
      sources,
      intended: options.useIntended === true ? intended : undefined,
      adoptedTexts: options.pinDescriptions === true ? intended : undefined,
      statusOf: (server, tool) => adoption.statusOf(server, tool),
      known,
      at: at(),
    });
  }

  /** Writes the artifacts, one after the other. */
  function write(isChanged: boolean): Promise<void> {
    const { live } = served!;
    const descriptors = describe();
    if (options.emitLive !== true || !isChanged) return Promise.resolve();
    writing = writing
      .then(async () => {
        await store.write('live-descriptors', descriptors);
        await store.write('live-catalog', live);
      })
      .catch((error: Error) => {
        logger.warn({ error: error.message }, 'the artifacts cannot be written');
      });
    return writing;
  }

  const warm = (async () => {
    const isKnown = ({ described }: Downstream): boolean => (described()?.tools.length ?? 0) > 0;
    const first = [...downstreams.values()].filter(
      (one) => options.isLazy !== true || !isKnown(one),
    );
    await mapLimited(first, (one) => one.start());
    refresh();
    isWarm = true;
    await write(true);
    tell();
  })();
  warm.catch((error: Error) => logger.warn({ error: error.message }, 'the start failed'));

  /** The summary of what is served, in one line. */
  function tell(): void {
    const { live, withheld, hidden, disabled, pendingTexts } = served!;
    const downgraded = downgradedOf(live);
    logger.info(
      {
        served: live.tools.length,
        hidden,
        disabled,
        withheld,
        downgraded,
        pendingTexts,
        hint: 'holdfast catalog diff --live tells the differences from what is intended',
      },
      'catalog served',
    );
  }

  function answerServer(
    server: string,
    method: string,
    params: Record<string, unknown>,
  ): Promise<object> | undefined {
    const what = questionOf(method);
    if (what === undefined) return undefined;
    const refuse = (why: string): Promise<never> => Promise.reject(new ServerError(-32601, why));
    if (!passOn.includes(what)) return refuse(`${what} is not passed on here`);
    const [peer, ...more] = inFlight.get(server) ?? [];
    if (peer === undefined) return refuse('no call is under way that a client could answer for');
    if (more.length > 0) return refuse('several clients are calling; it is not known whom to ask');
    if (!peer.can(what)) return refuse(`the client cannot do ${what}`);
    return peer.ask(method, params);
  }

  async function call(request: ProxyCall): Promise<object> {
    if (!isWarm) await warm;
    let route = served!.routes.get(request.name);
    const away = served!.away.get(request.name);
    if (route === undefined && away !== undefined) {
      // Its server may be on its way back; of an aggregate it is not known which of them is.
      await downstreams.get(away.server)?.settle();
      refreshSoon.now();
      route = served!.routes.get(request.name);
      if (route === undefined) return failure(`${request.name} is away: ${away.reason}`);
    }
    if (route === undefined)
      throw new ServerError(-32602, `Unknown tool: ${JSON.stringify(request.name).slice(0, 200)}`);
    const started = performance.now();
    const server = route.kind === 'tool' ? route.server : 'aggregates';
    let isGood = false;
    try {
      const result =
        route.kind === 'tool'
          ? await callTool(route, request.arguments, request, callTimeoutMs)
          : await callAggregate(route, request);
      isGood = result['isError'] !== true;
      return result;
    } finally {
      observer?.call(server, isGood ? 'ok' : 'error', (performance.now() - started) / 1000);
    }
  }

  async function callAggregate(
    route: AggregateRoute,
    request: ProxyCall,
  ): Promise<Readonly<Record<string, unknown>>> {
    const selection = selectOperation(request.arguments, route);
    if (selection.kind === 'refused') return failure(selection.message);
    const { operation } = selection;
    const mapped = mapArguments(request.arguments, operation, route.selectorField);
    if (mapped.kind === 'refused') return failure(mapped.message);
    const result = await callTool(operation.route, mapped.value, request, route.timeoutMs);
    const isPlain = result['resultType'] === undefined || result['resultType'] === 'complete';
    if (result['isError'] === true || !isPlain || operation.responseMappings.length === 0)
      return result;
    const response = mapResponse(result, operation.responseMappings);
    if (response.kind === 'refused')
      return failure(`${operation.route.tool} gave no ${response.message}`);
    return {
      content: [{ type: 'text', text: JSON.stringify(response.value) }],
      structuredContent: response.value,
    };
  }

  async function callTool(
    route: ToolRoute,
    given: Readonly<Record<string, unknown>>,
    request: ProxyCall,
    timeoutMs: number,
  ): Promise<Readonly<Record<string, unknown>>> {
    const admission = admit(route, given, fits);
    const started = performance.now();
    const downstream = downstreams.get(route.server)!;
    const peers = inFlight.get(route.server) ?? new Set();
    inFlight.set(route.server, peers);
    peers.add(request.peer);
    let outcome: Outcome;
    let answer: Readonly<Record<string, unknown>> | undefined;
    let thrown: unknown;
    try {
      answer = await ask(downstream, route.tool, given, request, timeoutMs);
      const refusal = isRefusal(answer);
      outcome =
        refusal === undefined
          ? { kind: 'result', result: answer }
          : { kind: 'refused', message: refusal };
    } catch (error) {
      thrown = error;
      const { message } = error as Error;
      outcome =
        error instanceof ServerError && error.code === -32602
          ? { kind: 'refused', message }
          : { kind: 'error', message };
    } finally {
      peers.delete(request.peer);
    }
    const isQuestion = answer?.['resultType'] === 'input_required';
    if (!isQuestion)
      count(route, judge(route, admission, outcome, fits), performance.now() - started);
    if (answer === undefined) return failureOf(thrown, request.signal);
    if (isLongerThan(answer, maxResult))
      return failure(
        `the result of ${route.tool} is longer than ${maxResult} characters, which is the limit here; ask for less`,
      );
    const shown = downstream.redact(answer) as Readonly<Record<string, unknown>>;
    const isWrapped = route.servedAs === 'generic' && route.declared.outputSchema !== undefined;
    return isWrapped && !isQuestion ? wrapGenerically(shown) : shown;
  }

  /** Sends a call, and the questions of a server of 2026-07-28 to a client of before. */
  async function ask(
    downstream: Downstream,
    tool: string,
    given: Readonly<Record<string, unknown>>,
    { meta, answers, signal, onProgress, peer, takesQuestions }: ProxyCall,
    timeoutMs: number,
  ): Promise<Readonly<Record<string, unknown>>> {
    let extra: Record<string, unknown> = { ...answers };
    for (let round = 0; ; round++) {
      const result = (await downstream.request(
        'tools/call',
        {
          name: tool,
          arguments: given,
          ...(meta !== undefined && Object.keys(meta).length > 0 && { _meta: meta }),
          ...extra,
        },
        { timeoutMs, signal, ...(onProgress !== undefined && { onProgress }) },
      )) as Readonly<Record<string, unknown>> | null;
      if (typeof result !== 'object' || result === null || Array.isArray(result))
        throw new UnreachableError(`the server ${downstream.name} gave no result`);
      if (result['resultType'] !== 'input_required') return result;
      const questions = Object.entries((result['inputRequests'] ?? {}) as Record<string, Asked>);
      const refused = questions
        .map(([, { method }]) => questionOf(method) ?? method)
        .find((what) => !passOn.includes(what as PassedOn) || !peer.can(what as PassedOn));
      if (refused !== undefined)
        return failure(`the server asks the client for ${refused}, which is not passed on here`);
      if (takesQuestions) return result;
      if (round >= maxRounds) return failure('the server goes on asking');
      const inputResponses: Record<string, object> = {};
      for (const [key, { method, params }] of questions)
        Object.defineProperty(inputResponses, key, {
          value: await peer.ask(method, params ?? {}),
          enumerable: true,
        });
      const requestState = result['requestState'];
      extra = { inputResponses, ...(requestState !== undefined && { requestState }) };
    }
  }

  /** Counts the attempts of a call, and writes each into the log. */
  function count(route: ToolRoute, attempts: readonly Attempt[], durationMs: number): void {
    const { server, tool, hashes } = route;
    const duration = Math.round(durationMs * 1000) / 1000;
    for (const { schema, hash, result, error } of attempts) {
      const old = adoption.statusOf(server, tool);
      const isCounted = schema === 'declared' && (result === 'success' || result === 'failure');
      let status: ToolStatus | undefined = old;
      if (isCounted) {
        const base = { schema: hashes, at: at(), durationMs: duration };
        status = adoption.record(
          server,
          tool,
          result === 'success'
            ? { kind: 'succeeded', ...base }
            : { kind: 'failed', ...base, error: (error ?? '').slice(0, 500), ...diffOf(route) },
        );
        if (status.state !== old?.state) {
          refreshSoon();
          logger.info({ tool: `${server}/${tool}`, from: old?.state, to: status.state }, 'adopted');
        }
      }
      observer?.attempt(schema, result);
      logger[result === 'failure' ? 'warn' : 'info'](
        {
          tool: `${server}/${tool}`,
          schema,
          schema_hash: hash,
          state: status?.state ?? 'validated',
          duration_ms: duration,
          result,
          ...(error !== undefined && { error: error.slice(0, 500) }),
        },
        'attempt',
      );
    }
  }

  return {
    listTools: async () => {
      await warm;
      return { tools: served!.tools };
    },
    call,
    onToolsChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    live: () => served?.live,
    flush: () => adoption.flush(),
    state: () => ({
      servers: describe().servers.map(({ name, health, error, protocolVersion, tools }) => ({
        name,
        health,
        ...(error !== undefined && { error }),
        ...(protocolVersion !== undefined && { protocolVersion }),
        tools: tools.length,
      })),
      served: served?.live.tools.length ?? 0,
      withheld: served?.withheld ?? [],
      downgraded: served === undefined ? [] : downgradedOf(served.live),
      pendingTexts: served?.pendingTexts ?? [],
    }),
    close: async () => {
      refreshSoon.cancel();
      await Promise.all([...downstreams.values()].map((one) => one.close()));
      await warm.catch(() => undefined);
      refreshSoon.cancel();
      await adoption.flush().catch((error: Error) => {
        logger.warn({ error: error.message }, 'the adoption cannot be written');
      });
      await writing;
    },
  };
}

interface Asked {
  readonly method: string;
  readonly params?: Record<string, unknown>;
}

function questionOf(method: string): PassedOn | undefined {
  if (method === 'sampling/createMessage') return 'sampling';
  if (method === 'elicitation/create') return 'elicitation';
  return method === 'roots/list' ? 'roots' : undefined;
}

function downgradedOf({ tools }: LiveCatalog): ProxyState['downgraded'] {
  return tools
    .filter(({ schemaSource }) => schemaSource !== undefined && schemaSource !== 'declared')
    .map(({ server, name, schemaSource }) => ({ server, tool: name, schema: schemaSource! }));
}

function isSameList(left: ServedCatalog, right: ServedCatalog): boolean {
  const textOf = ({ live }: ServedCatalog): string =>
    canonicalJson([live.tools, live.servers] as unknown as Json);
  return textOf(left) === textOf(right);
}

/** How a declared schema differs from the one before, in a few words. */
function diffOf({ declared, previous }: ToolRoute): { readonly diff?: string } {
  if (previous === undefined) return {};
  const said = (['input', 'output'] as const).flatMap((direction) => {
    const [old, recent] = [previous[`${direction}Schema`], declared[`${direction}Schema`]];
    if (old === undefined || recent === undefined)
      return old === recent
        ? []
        : [`${direction}Schema ${old === undefined ? 'appeared' : 'is gone'}`];
    const { changes } = compareSchemas(old, recent, { direction, effort: 2000 });
    return changes.slice(0, 3).map(({ path, message }) => `${direction} ${path}: ${message}`);
  });
  return said.length === 0 ? {} : { diff: said.join('; ').slice(0, 1000) };
}

function failure(text: string): Readonly<Record<string, unknown>> {
  return { content: [{ type: 'text', text }], isError: true };
}

function failureOf(error: unknown, signal: AbortSignal): Readonly<Record<string, unknown>> {
  if (error instanceof ServerError || signal.aborted) throw error;
  if (error instanceof NoAnswerError || error instanceof UnreachableError)
    return failure(error.message);
  throw error;
}

function unheard(name: string): DescribedServer {
  return {
    name,
    health: 'failed',
    error: 'it has not been started yet',
    durationMs: 0,
    pages: 0,
    tools: [],
    hashes: [],
    problems: [],
  };
}

async function mapLimited<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const run = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) await work(items[at]!);
  };
  await Promise.all(Array.from({ length: Math.min(maxStarts, items.length) }, run));
}
