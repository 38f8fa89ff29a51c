import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { FleetHost } from '../host/fleet-host.js';
import type { SourceState } from '../host/source-state.js';
import type { Database } from '../store/database.js';
import { matchDelivery } from '../triggers/match-delivery.js';
import type { NewRun, RunService } from './run-service.js';
import { applySchedules } from './schedules.js';

/** What looking for changes needs. */
export interface WatchContext {
  readonly boss: PgBoss;
  readonly database: Database;
  readonly host: FleetHost;
  readonly runs: RunService;
  readonly logger: Logger;
}

/** How often the refs of a source on this machine are looked at. */
const LOOK_MS = 2_000;

/** At each of so many looks the files of the configuration are looked at too: there may be thousands. */
const LOOKS_A_REFRESH = 3;

/**
 * Looks for what no webhook tells: files of the configuration that changed, and a source on this machine
 * that moved. Ends with `stop`, after the look under way.
 */
export function watchChanges(context: WatchContext): { stop(): Promise<void> } {
  const { boss, host, logger } = context;
  let stopped = false;
  let looks = 0;
  let timer: NodeJS.Timeout | undefined;
  let looking = Promise.resolve();

  async function look(): Promise<void> {
    try {
      if (looks++ % LOOKS_A_REFRESH === 0 && (await host.refresh())) {
        await applySchedules(boss, host.settings());
        logger.info('the configuration changed, and was read anew');
      }
      const state = await host.sourceMove();
      if (state) await noteSource(context, state);
    } catch (error) {
      logger.warn({ err: error }, 'looking for changes failed; the next look is soon');
    }
    if (!stopped)
      timer = setTimeout(() => {
        looking = look();
      }, LOOK_MS);
  }

  looking = look();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}

/** Starts what follows from a move of the source, once for all workers of a database. */
async function noteSource(
  { database, host, runs, logger }: WatchContext,
  now: SourceState,
): Promise<void> {
  const name = `source ${now.source}`;
  const [kept] = await database.query<{ value: string }>(
    'SELECT value FROM holdfast.setting WHERE name = $1',
    [name],
  );
  const value = JSON.stringify(now);
  if (kept?.value === value) return;
  const started = kept
    ? await followingRuns(host, JSON.parse(kept.value) as SourceState, now)
    : [FIRST_LOOK];
  const ids = await runs.startOnce(started, async (query) => {
    const rows = kept
      ? await query(
          'UPDATE holdfast.setting SET value = $2 WHERE name = $1 AND value = $3 RETURNING name',
          [name, value, kept.value],
        )
      : await query(
          'INSERT INTO holdfast.setting VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name',
          [name, value],
        );
    return rows.length > 0;
  });
  for (const run of ids) logger.info({ run }, 'the source moved');
}

/** Nothing is delivered before something happens; but the page shows where the fleet stands. */
const FIRST_LOOK: NewRun = {
  kind: 'check',
  selection: {},
  trigger: { by: 'source', detail: 'a first look' },
};

async function followingRuns(
  host: FleetHost,
  before: SourceState,
  now: SourceState,
): Promise<NewRun[]> {
  const watched = await host.watched();
  const { name, url } = watched.source;
  const repository = { name, urls: url === undefined ? [] : [url] };
  const events = await host.eventsBetween(before, now);
  return events.flatMap((event) => {
    const consequence = matchDelivery({ forge: 'local', event, repository }, watched);
    if (consequence.kind === 'nothing') return [];
    const { run: kind, selection, detail } = consequence;
    return [{ kind, selection, trigger: { by: 'source' as const, detail } }];
  });
}
