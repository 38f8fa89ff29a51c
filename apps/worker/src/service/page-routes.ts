import {
  alertsPage,
  fleetPage,
  html,
  outcomeRow,
  renderPage,
  renderPiece,
  rolloutsPage,
  runPage,
  runState,
  runTable,
  targetPage,
} from '@holdfast/page';
import type { FleetRow, PageOptions, RunView } from '@holdfast/page';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { advanceWaves } from '../jobs/advance-waves.js';
import { readRegistry } from '../store/registry.js';
import { listOutcomes, listRuns, readRun } from '../store/runs.js';
import type { Run } from '../store/runs.js';
import { isSameOrigin } from './api-routes.js';
import type { ServiceContext } from './service-context.js';

const LINKS = [
  { href: '/', text: 'Fleet' },
  { href: '/runs', text: 'Runs' },
  { href: '/rollouts', text: 'Rollouts' },
  { href: '/alerts', text: 'Alerts' },
];

const addresses = {
  target: (name: string) => `/targets/${encodeURIComponent(name)}`,
  run: (id: string) => `/runs/${id}`,
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** How often a live run is looked at, in milliseconds. */
const LIVE_INTERVAL = 700;

type Content = Parameters<typeof renderPage>[0];

/** The fleet page: what the registry and the runs of the database say. */
export function pageRoutes(server: FastifyInstance, context: ServiceContext): void {
  const { database, runs, host, clock } = context;
  const schema = { hide: true } as const;

  server.get('/', { schema }, async (request, reply) => {
    if (!request.identity) return reply.redirect('/sign-in', 303);
    const rows = await readRegistry<FleetRow>(database);
    const seen = rows.reduce((latest, { seenAt }) => (seenAt > latest ? seenAt : latest), '');
    const { source } = await host.watched();
    const content = html`${actions(request)}${fleetPage(
      {
        source: source.name,
        at: seen === '' ? clock().toISOString() : seen,
        rows: rows.map(({ status }) => status),
        runs: (await listRuns(database, { limit: 10 })).map(viewOf),
        alerts: host.alerts(rows.map(({ status }) => status)),
      },
      addresses,
    )}`;
    return show(request, reply, content, { title: 'Fleet', current: '/' });
  });

  server.get('/alerts', { schema }, async (request, reply) => {
    if (!request.identity) return reply.redirect('/sign-in', 303);
    const rows = await readRegistry<FleetRow>(database);
    const content = alertsPage(host.alerts(rows.map(({ status }) => status)));
    return show(request, reply, content, { title: 'Alerts', current: '/alerts' });
  });

  server.get('/rollouts', { schema }, async (request, reply) => {
    if (!request.identity) return reply.redirect('/sign-in', 303);
    const steps = await host.rollouts();
    const content = rolloutsPage(
      steps.map(({ rollout, waitsFor }) => ({ ...rollout, waitsFor })),
      {
        target: addresses.target,
        ...(request.identity.role === 'act' ? { act: '/rollouts' } : {}),
      },
    );
    return show(request, reply, content, { title: 'Rollouts', current: '/rollouts' });
  });

  server.post<{ Body: { action?: string; release?: string; wave?: string } | undefined }>(
    '/rollouts',
    { schema },
    async (request, reply) => {
      const { identity, body } = request;
      if (identity?.role !== 'act' || !isSameOrigin(request)) return refuse(reply);
      const { action, release = '', wave = '' } = body ?? {};
      const reason = `halted by ${identity.name} on the page`;
      if (action === 'halt') await host.changeRollout({ action, release, reason });
      else if (action === 'resume') await host.changeRollout({ action, release });
      else if (action === 'approve' && /^\d{1,4}$/.test(wave))
        await host.changeRollout({ action, release, wave: Number(wave) });
      else
        return reply.code(400).send({ error: { code: 'bad-request', message: 'unknown action' } });
      request.log.info({ action, release, name: identity.name }, 'rollout changed');
      if (action !== 'halt') await advanceWaves({ database, host, runs, logger: context.logger });
      return reply.redirect('/rollouts', 303);
    },
  );

  server.get<{ Querystring: { before?: string } }>('/runs', { schema }, async (request, reply) => {
    if (!request.identity) return reply.redirect('/sign-in', 303);
    const { before } = request.query;
    const page = before !== undefined && UUID.test(before) ? { before } : {};
    const found = await listRuns(database, { limit: 50, ...page });
    const last = found.at(-1);
    const content = html`<h1>Runs</h1>
      ${actions(request)}
      ${found.length > 0 ? runTable(found.map(viewOf), addresses) : html`<p>No run yet.</p>`}
      ${found.length === 50 && last ? html`<p><a href=${`/runs?before=${last.id}`}>Older</a></p>` : null}`;
    return show(request, reply, content, { title: 'Runs', current: '/runs' });
  });

  server.get<{ Params: { id: string } }>('/runs/:id', { schema }, async (request, reply) => {
    if (!request.identity) return reply.redirect('/sign-in', 303);
    const { id } = request.params;
    const run = UUID.test(id) ? await readRun(database, id) : undefined;
    if (!run) return notFound(request, reply);
    const { outcomes } = await listOutcomes(database, id);
    const live = run.finishedAt === undefined ? { live: `/runs/${id}/events` } : {};
    const content = runPage(viewOf(run), outcomes, { ...live, ...targetAddress(run) });
    return show(request, reply, content, { title: 'Run' });
  });

  server.get<{ Params: { name: string } }>('/targets/:name', { schema }, async (request, reply) => {
    if (!request.identity) return reply.redirect('/sign-in', 303);
    const { name } = request.params;
    if (!host.targets().includes(name)) return notFound(request, reply);
    const rows = await readRegistry<FleetRow>(database, name);
    const history = await listRuns(database, { target: name, limit: 50 });
    const content = targetPage(
      name,
      {
        rows: rows.map(({ status }) => status),
        at: rows[0]?.seenAt ?? clock().toISOString(),
        runs: history.map(viewOf),
      },
      addresses,
    );
    return show(request, reply, content, { title: name });
  });

  server.post<{ Body: { kind?: string } | undefined }>(
    '/runs',
    { schema },
    async (request, reply) => {
      if (request.identity?.role !== 'act' || !isSameOrigin(request)) return refuse(reply);
      const wanted = request.body?.kind;
      const kind = wanted === 'check' || wanted === 'plan' ? wanted : 'sync';
      const trigger = { by: 'operator' as const, detail: `${request.identity.name} on the page` };
      const id = await runs.start({ kind, selection: {}, trigger });
      return reply.redirect(`/runs/${id}`, 303);
    },
  );

  server.get<{ Params: { id: string } }>('/runs/:id/events', { schema }, async (request, reply) => {
    if (!request.identity) return reply.code(401).send();
    const { id } = request.params;
    if (!UUID.test(id) || !(await readRun(database, id))) return reply.code(404).send();
    reply.hijack();
    await sendEvents(reply, id, context);
    return reply;
  });
}

/** Sends what changes in a run, as pieces of its page, until it ends or nobody listens. */
async function sendEvents(
  reply: FastifyReply,
  id: string,
  { database }: ServiceContext,
): Promise<void> {
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const send = (event: string, text: string) =>
    raw.write(
      `event: ${event}\n${text
        .split('\n')
        .map((line) => `data: ${line}\n`)
        .join('')}\n`,
    );
  const sent = new Map<string, string>();
  let since: string | undefined;
  while (!raw.destroyed) {
    const run = await readRun(database, id);
    const { outcomes, cursor } = await listOutcomes(
      database,
      id,
      since === undefined ? {} : { since },
    );
    since = cursor;
    const pieces = outcomes.map(
      (outcome) =>
        [
          outcome.target,
          renderPiece(outcomeRow(outcome, run && targetAddress(run).target)),
        ] as const,
    );
    const state = run && renderPiece(runState(viewOf(run)));
    for (const [key, piece] of state === undefined ? pieces : [...pieces, ['', state] as const]) {
      if (sent.get(key) === piece) continue;
      sent.set(key, piece);
      send('piece', piece);
    }
    if (!run || run.finishedAt !== undefined) break;
    await new Promise((resolve) => setTimeout(resolve, LIVE_INTERVAL));
  }
  send('end', 'done');
  raw.end();
}

/** How a run's page addresses its targets; an impact is of the source, a command of nothing. */
function targetAddress({ kind }: Run): Pick<typeof addresses, 'target'> | { target?: never } {
  return kind === 'impact' || kind === 'command' ? {} : { target: addresses.target };
}

function actions(request: FastifyRequest): Content | null {
  if (request.identity?.role !== 'act') return null;
  return html`<form class="row" method="post" action="/runs" aria-label="Start a run">
    <button class="do" name="kind" value="plan">Plan</button>
    <button class="do" name="kind" value="sync">Sync now</button>
    <button class="do" name="kind" value="check">Check now</button>
  </form>`;
}

function show(
  request: FastifyRequest,
  reply: FastifyReply,
  content: Content,
  options: PageOptions,
): FastifyReply {
  const who = html`<form method="post" action="/sign-out">
    ${request.identity?.name} <button class="do" type="submit">Sign out</button>
  </form>`;
  return reply
    .type('text/html')
    .send(renderPage(content, { ...options, links: LINKS, who, nonce: request.nonce }));
}

function refuse(reply: FastifyReply): FastifyReply {
  return reply.code(403).send({ error: { code: 'forbidden', message: 'you may look, not act' } });
}

function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const content = html`<h1>Not found</h1>
    <p>There is nothing at this address. <a href="/">To the fleet</a></p>`;
  return show(request, reply.code(404), content, { title: 'Not found' });
}

function viewOf({
  id,
  kind,
  state,
  trigger,
  createdAt,
  startedAt,
  finishedAt,
  targets,
  error,
}: Run): RunView {
  return {
    id,
    kind,
    state,
    trigger: trigger.detail,
    startedAt: startedAt ?? createdAt,
    ...(finishedAt === undefined ? {} : { finishedAt }),
    targets,
    ...(error ? { error } : {}),
  };
}
