import type {
  SchemaHashes,
  SchemaStatus,
  SettledTool,
  ToolStatus,
} from '../artifacts/artifact-schemas.js';
import { isSameSchemas } from '../artifacts/hash-schema.js';

/** Something that happened to a tool's schema; `at` is ISO 8601 in UTC. */
export type AdoptionEvent =
  /** A render found this schema at the server; `diff` says how it differs from the one before. */
  | {
      readonly kind: 'rendered';
      readonly schema: SchemaHashes;
      readonly at: string;
      readonly locked?: boolean;
      readonly diff?: string;
    }
  /** A call with this schema was valid. */
  | {
      readonly kind: 'succeeded';
      readonly schema: SchemaHashes;
      readonly at: string;
      readonly durationMs?: number;
    }
  /** A call with this schema was not, and the proxy fell back. */
  | {
      readonly kind: 'failed';
      readonly schema: SchemaHashes;
      readonly at: string;
      readonly error: string;
      readonly diff?: string;
      readonly durationMs?: number;
    }
  /** A person takes the present schema, or the one that a lock holds back. */
  | { readonly kind: 'approved'; readonly at: string }
  /** A person wants the present schema tried anew. */
  | { readonly kind: 'retried'; readonly at: string };

/** What is to be done about an event. */
export type AdoptionEffect =
  /** Take the schema into the intended catalog. */
  | { readonly kind: 'promote'; readonly schema: SchemaHashes }
  /** Serve the schema before, or the generic wrapper where there is none. */
  | { readonly kind: 'fall-back'; readonly to: 'previous' | 'generic' }
  /** Fail checks until somebody acts. */
  | { readonly kind: 'escalate'; readonly message: string }
  /** A lock keeps the schema as it is; a person has to decide. */
  | { readonly kind: 'hold'; readonly schema: SchemaHashes }
  /** A line for the log. */
  | {
      readonly kind: 'log';
      readonly tool: string;
      readonly schema_hash: string | null;
      readonly state: ToolStatus['state'];
      readonly duration_ms: number | null;
      readonly result: 'success' | 'failure' | 'stale';
    };

export interface AdoptionThresholds {
  /** Consecutive valid calls that validate a schema. Default 2. */
  readonly successes?: number;
  /** Consecutive invalid calls that make it fail. Default 2. */
  readonly failures?: number;
}

export interface Adoption {
  readonly status: ToolStatus;
  readonly effects: readonly AdoptionEffect[];
}

/** Most approved schemas that are remembered of a tool. */
const maxApproved = 20;

/**
 * One step of the adoption of a tool's schema: `pending → validated | failed`. Every state has a way out: a new schema
 * makes any of them pending, valid calls lead from failed to validated, a schema that was approved before is recognised,
 * and a person may approve or retry. A call by another schema than the present one changes nothing.
 *
 * @param before the status so far, or what was kept of a settled tool; undefined of one that is seen for the first time.
 */
export function adopt(
  id: { readonly server: string; readonly tool: string },
  before: ToolStatus | SettledTool | undefined,
  event: AdoptionEvent,
  { successes = 2, failures = 2 }: AdoptionThresholds = {},
): Adoption {
  const status = before === undefined ? undefined : asStatus(before, event.at);
  switch (event.kind) {
    case 'rendered':
      return render(id, status, event);
    case 'succeeded':
    case 'failed':
      return attempt(id, status, event, { successes, failures });
    case 'approved':
      return approve(id, status, event.at);
    case 'retried': {
      const known = status ?? newStatus(id, { input: null, output: null }, event.at);
      return { status: restart(known, known.schema, event.at), effects: [] };
    }
  }
}

type Id = Parameters<typeof adopt>[0];

function render(
  id: Id,
  status: ToolStatus | undefined,
  { schema, at, locked = false, diff }: AdoptionEvent & { kind: 'rendered' },
): Adoption {
  if (status === undefined) {
    const made = newStatus(id, schema, at);
    return { status: { ...made, locked }, effects: [] };
  }
  const known = { ...without(status, 'heldBack'), locked };
  if (isSameSchemas(schema, status.schema)) {
    const stableRenders = known.state === 'validated' ? known.stableRenders + 1 : 0;
    return { status: { ...known, stableRenders }, effects: [] };
  }
  if (locked)
    return { status: { ...known, heldBack: schema }, effects: [{ kind: 'hold', schema }] };
  const restarted = restart(known, schema, at);
  const next = diff === undefined ? restarted : { ...restarted, lastDiff: diff };
  return isApproved(status, schema) ? validate(next, at) : { status: next, effects: [] };
}

function attempt(
  id: Id,
  status: ToolStatus | undefined,
  event: AdoptionEvent & { kind: 'succeeded' | 'failed' },
  thresholds: Required<AdoptionThresholds>,
): Adoption {
  const known = status ?? newStatus(id, event.schema, event.at);
  const isSuccess = event.kind === 'succeeded';
  const log = (state: ToolStatus['state'], result: 'success' | 'failure' | 'stale') => ({
    kind: 'log' as const,
    tool: `${id.server}/${id.tool}`,
    schema_hash: event.schema.input,
    state,
    duration_ms: event.durationMs ?? null,
    result,
  });
  if (!isSameSchemas(event.schema, known.schema))
    return { status: known, effects: [log(known.state, 'stale')] };
  const tried: ToolStatus = {
    ...known,
    attempts: known.attempts + 1,
    successes: isSuccess ? known.successes + 1 : 0,
    failures: isSuccess ? 0 : known.failures + 1,
    lastAttemptAt: event.at,
  };
  if (isSuccess) {
    if (tried.state === 'validated' || tried.successes < thresholds.successes)
      return { status: tried, effects: [log(tried.state, 'success')] };
    const { status: validated, effects } = validate(tried, event.at);
    return { status: validated, effects: [...effects, log('validated', 'success')] };
  }
  const { error, diff } = event as AdoptionEvent & { kind: 'failed' };
  const fallBack = {
    kind: 'fall-back' as const,
    to: known.approved.some((one) => !isSameSchemas(one, known.schema))
      ? ('previous' as const)
      : ('generic' as const),
  };
  const failed: ToolStatus = {
    ...tried,
    stableRenders: 0,
    lastError: error,
    ...(diff !== undefined && { lastDiff: diff }),
  };
  if (failed.failures < thresholds.failures)
    return { status: failed, effects: [fallBack, log(failed.state, 'failure')] };
  const since = known.state === 'failed' ? known.since : event.at;
  const message = `${id.server}/${id.tool} failed ${failed.failures} times with the schema ${event.schema.input?.slice(0, 12) ?? 'none'}: ${error}`;
  return {
    status: { ...failed, state: 'failed', since },
    effects: [fallBack, { kind: 'escalate', message }, log('failed', 'failure')],
  };
}

function approve(id: Id, status: ToolStatus | undefined, at: string): Adoption {
  const known = status ?? newStatus(id, { input: null, output: null }, at);
  const schema = known.heldBack ?? known.schema;
  return validate(restart(without(known, 'heldBack'), schema, at), at);
}

function validate(status: ToolStatus, at: string): Adoption {
  const { schema } = status;
  const others = status.approved.filter((one) => !isSameSchemas(one, schema));
  const approved = [schema, ...others].slice(0, maxApproved);
  return {
    status: {
      ...without(status, 'lastError'),
      state: 'validated',
      approved,
      failures: 0,
      since: at,
    },
    effects: [{ kind: 'promote', schema }],
  };
}

function restart(status: ToolStatus, schema: SchemaHashes, at: string): ToolStatus {
  return {
    ...without(without(status, 'lastError'), 'lastDiff'),
    schema,
    state: 'pending',
    successes: 0,
    failures: 0,
    attempts: 0,
    stableRenders: 0,
    since: at,
  };
}

function newStatus({ server, tool }: Id, schema: SchemaHashes, at: string): ToolStatus {
  return {
    server,
    tool,
    state: 'pending',
    schema,
    approved: [],
    successes: 0,
    failures: 0,
    attempts: 0,
    stableRenders: 0,
    locked: false,
    since: at,
  };
}

function asStatus(before: ToolStatus | SettledTool, at: string): ToolStatus {
  if ('state' in before) return before;
  const { schema, approved } = before;
  return { ...newStatus(before, schema, at), state: 'validated', approved };
}

function isApproved({ approved }: ToolStatus, schema: SchemaHashes): boolean {
  return approved.some((one) => isSameSchemas(one, schema));
}

function without<Key extends keyof ToolStatus>(
  status: ToolStatus,
  key: Key,
): Omit<ToolStatus, Key> & ToolStatus {
  const { [key]: _left, ...rest } = status;
  return rest as Omit<ToolStatus, Key> & ToolStatus;
}

/** The status of a catalogue that has none yet. */
export function emptyStatus(): SchemaStatus {
  return {
    schemaVersion: 1,
    kind: 'tool-schema-status',
    renders: 0,
    tools: [],
    settled: [],
  };
}

/**
 * Applies events to the status of many tools.
 *
 * @returns the new status, tools by server and name, with the effects of every event in their order.
 */
export function adoptAll(
  status: SchemaStatus,
  events: readonly {
    readonly server: string;
    readonly tool: string;
    readonly event: AdoptionEvent;
  }[],
  thresholds: AdoptionThresholds = {},
): { status: SchemaStatus; effects: readonly AdoptionEffect[] } {
  const key = ({ server, tool }: Id): string => JSON.stringify([server, tool]);
  const tools = new Map(status.tools.map((tool) => [key(tool), tool]));
  const settled = new Map(status.settled.map((tool) => [key(tool), tool]));
  const effects: AdoptionEffect[] = [];
  for (const { server, tool, event } of events) {
    const id = { server, tool };
    const kept = settled.get(key(id));
    if (
      kept !== undefined &&
      event.kind === 'rendered' &&
      event.locked !== true &&
      isSameSchemas(kept.schema, event.schema)
    )
      continue;
    const adoption = adopt(id, tools.get(key(id)) ?? kept, event, thresholds);
    settled.delete(key(id));
    tools.set(key(id), adoption.status);
    for (const one of adoption.effects) effects.push(one);
  }
  return {
    status: { ...status, tools: sorted(tools.values()), settled: sorted(settled.values()) },
    effects,
  };
}

/**
 * Takes tools whose schema has been validated and unchanged for `after` renders (default 10) out of the status, but for
 * what keeps them from counting as new. Locked tools, and those that are being tried, stay.
 */
export function pruneStatus(
  status: SchemaStatus,
  { after = 10 }: { readonly after?: number } = {},
): { status: SchemaStatus; pruned: readonly ToolStatus[] } {
  const isSettled = (tool: ToolStatus): boolean =>
    tool.state === 'validated' && !tool.locked && tool.stableRenders >= after;
  const pruned = status.tools.filter(isSettled);
  const settled = [
    ...status.settled,
    ...pruned.map(({ server, tool, schema, approved }) => ({ server, tool, schema, approved })),
  ];
  return {
    status: {
      ...status,
      tools: status.tools.filter((tool) => !isSettled(tool)),
      settled: sorted(settled),
    },
    pruned,
  };
}

function sorted<T extends Id>(tools: Iterable<T>): T[] {
  const key = ({ server, tool }: Id): string => `${server}\u0000${tool}`;
  return [...tools].sort((left, right) => (key(left) < key(right) ? -1 : 1));
}
