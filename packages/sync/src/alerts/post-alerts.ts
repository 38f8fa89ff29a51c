import { hashSha256 } from '@holdfast/manifest';
import { authorOf } from '../apply/author.js';
import type { Fleet } from '../fleet.js';
import type { StatusRow } from '../look/read-status.js';
import type { TargetRepository } from '../ports.js';
import type { SyncAlert } from './find-alerts.js';

/** What is new since the last message: nothing is told twice. */
export interface AlertMessage {
  /** What the source is called. */
  readonly source: string;
  /** Alerts that began, or say something else than before. */
  readonly alerts: readonly SyncAlert[];
  /** The ids of those that are over. */
  readonly over: readonly string[];
}

/** What became of a message; `nothing-new`: none was sent. */
export type PostedAlerts =
  | { readonly kind: 'posted'; readonly told: readonly string[]; readonly over: readonly string[] }
  | { readonly kind: 'nothing-new' };

/** Where the source remembers what was told, for whichever machine looks next. */
const TOLD_REF = 'refs/holdfast/alerts';

/**
 * Sends what is new among alerts as one message, and remembers it in the source (`refs/holdfast/alerts`).
 * A message that could not be sent is sent again by the next call. Alerts are over only for rows that could
 * be looked at. Without a source that can be written to, everything is new each time.
 *
 * @throws what `send` throws; nothing is remembered then
 */
export async function postAlerts(
  fleet: Fleet,
  rows: readonly StatusRow[],
  alerts: readonly SyncAlert[],
  send: (message: AlertMessage) => Promise<void>,
): Promise<PostedAlerts> {
  const store = await readTold(fleet);
  const wanted = new Map(alerts.map((alert) => [alert.id, digestOf(alert)]));
  const fresh = alerts.filter(({ id }) => store.told.get(id) !== wanted.get(id));
  const seen = new Set(
    rows.filter(({ error }) => !error).map(({ rule, target }) => `${rule} ${target}`),
  );
  const over = [...store.told.keys()].filter(
    (id) => !wanted.has(id) && seen.has(id.slice(id.indexOf(' ') + 1)),
  );
  if (fresh.length === 0 && over.length === 0) return { kind: 'nothing-new' };
  await send({ source: fleet.sourceName, alerts: fresh, over });
  const told = new Map([...store.told, ...wanted]);
  for (const id of over) told.delete(id);
  await writeTold(fleet, store, told);
  return { kind: 'posted', told: fresh.map(({ id }) => id), over };
}

/** The same for the same words: that another day went by is none. */
function digestOf({ details, action_required: action, files = [] }: SyncAlert): string {
  const words = [details.replace(/\b\d+ days? since/, 'too long since'), action, files];
  return hashSha256(new TextEncoder().encode(JSON.stringify(words))).slice(0, 16);
}

interface Told {
  readonly told: ReadonlyMap<string, string>;
  readonly at: string | null;
}

function pathOf({ configuration }: Fleet): string {
  return `${configuration.namespace}/told.json`;
}

async function readTold(fleet: Fleet): Promise<Told> {
  const { sourceState: repository } = fleet;
  const refs = (await repository?.listRefs(TOLD_REF)) ?? [];
  const ref = refs.find(({ name }) => name === TOLD_REF);
  if (!repository || !ref) return { told: new Map(), at: null };
  const { entries } = await repository.readSnapshot(ref.oid);
  const entry = entries.get(pathOf(fleet));
  const text = entry && new TextDecoder().decode(await repository.readBlob(entry.oid));
  return { told: new Map(Object.entries(parseTold(text ?? '{}'))), at: ref.oid };
}

function parseTold(text: string): Record<string, string> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    );
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Where someone else was quicker, what was told now is told again by the next call: better twice than never. */
async function writeTold(
  fleet: Fleet,
  { at }: Told,
  told: ReadonlyMap<string, string>,
): Promise<void> {
  const repository: TargetRepository | undefined = fleet.sourceState;
  if (!repository) return;
  const timestamp = Math.floor(fleet.clock().getTime() / 1000);
  const signature = {
    ...authorOf(fleet.configuration),
    timestamp,
    timezone: '+0000',
  };
  const sorted = [...told].sort(([a], [b]) => (a < b ? -1 : 1));
  const { commit } = await repository.writeCommit({
    ...(at === null ? {} : { parent: at }),
    changes: [
      {
        path: pathOf(fleet),
        mode: '100644',
        content: new TextEncoder().encode(
          `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`,
        ),
      },
    ],
    message: `${told.size} alerts\n`,
    author: signature,
    committer: signature,
  });
  const outcome = await repository.updateRefs([{ ref: TOLD_REF, old: at, new: commit }]);
  if (outcome.kind !== 'updated') {
    fleet.logger?.warn(
      { ref: TOLD_REF },
      'what was told could not be remembered: it is told again',
    );
  }
}
