import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { advanceWaves } from '../jobs/advance-waves.js';
import { describeFailure } from '../jobs/describe-failure.js';
import { readRegistry } from '../store/registry.js';
import { listOutcomes, listRuns, readRun } from '../store/runs.js';
import { ChangeRollout, schemas, StartRun } from './api-schemas.js';
import type { ServiceContext } from './service-context.js';
import type { Role } from './session.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const security = [{ token: [] }];
const failures = {
  400: schemas.failure,
  401: schemas.failure,
  403: schemas.failure,
  404: schemas.failure,
};

/** The API: runs are started and asked for, the registry is read; `GET /api/openapi.json` describes it. */
export function apiRoutes(
  server: FastifyInstance,
  { database, runs, host, logger }: ServiceContext,
): void {
  server.post(
    '/api/runs',
    {
      preHandler: allow('act'),
      schema: {
        summary: 'Start a run',
        security,
        body: schemas.startRun,
        response: { 202: schemas.started, ...failures },
      },
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const parsed = StartRun.safeParse(request.body ?? {});
      if (!parsed.success) return refuse(reply, 400, 'bad-request', z.prettifyError(parsed.error));
      const { kind = 'sync', ...selection } = parsed.data;
      if (selection.release !== undefined && selection.ref !== undefined)
        return refuse(reply, 400, 'bad-request', 'name a release or a ref, not both');
      if ((kind === 'command') !== (selection.job !== undefined))
        return refuse(reply, 400, 'bad-request', 'kind command and job belong together');
      const { jobs } = host.settings();
      if (selection.job !== undefined && !Object.hasOwn(jobs, selection.job))
        return refuse(
          reply,
          400,
          'bad-request',
          `there is no job ${JSON.stringify(selection.job)}; jobs are: ${Object.keys(jobs).join(', ') || 'none'}`,
        );
      const id = await runs.start({
        kind,
        selection: definedOnly(selection),
        trigger: { by: 'api', detail: `request by ${request.identity?.name ?? 'token'}` },
      });
      request.log.info({ run: id }, 'run asked for');
      return reply
        .code(202)
        .header('location', `/api/runs/${id}`)
        .send({ id, url: `/runs/${id}` });
    },
  );
  server.get<{ Querystring: { before?: string; target?: string } }>(
    '/api/runs',
    {
      preHandler: allow('look'),
      schema: {
        summary: 'List runs, the newest first',
        security,
        querystring: {
          type: 'object',
          properties: { before: { type: 'string', format: 'uuid' }, target: { type: 'string' } },
        },
        response: { 200: schemas.runs, ...failures },
      },
    },
    async ({ query: { before, target } }) => {
      const limit = 50;
      const found = await listRuns(database, {
        limit,
        ...(before === undefined ? {} : { before }),
        ...(target === undefined ? {} : { target }),
      });
      const last = found.at(-1);
      return { runs: found, ...(found.length === limit && last ? { next: last.id } : {}) };
    },
  );
  server.get<{ Params: { id: string } }>(
    '/api/runs/:id',
    {
      preHandler: allow('look'),
      schema: {
        summary: 'A run and what became of each target',
        security,
        response: { 200: schemas.run, ...failures },
      },
    },
    async ({ params: { id } }, reply) => {
      const run = UUID.test(id) ? await readRun(database, id) : undefined;
      if (!run) return refuse(reply, 404, 'not-found', 'there is no run of this id');
      const { outcomes } = await listOutcomes(database, id);
      return { ...run, outcomes };
    },
  );
  server.get<{ Querystring: { target?: string } }>(
    '/api/fleet',
    {
      preHandler: allow('look'),
      schema: {
        summary: 'The registry, as each target was last seen',
        security,
        querystring: { type: 'object', properties: { target: { type: 'string' } } },
        response: { 200: schemas.fleet, ...failures },
      },
    },
    async ({ query: { target } }) => ({ rows: await readRegistry(database, target) }),
  );
  server.get(
    '/api/alerts',
    {
      preHandler: allow('look'),
      schema: {
        summary: 'What needs attention, as targets were last seen',
        security,
        response: { 200: schemas.alerts, ...failures },
      },
    },
    async () => {
      const rows = await readRegistry(database);
      return { alerts: host.alerts(rows.map(({ status }) => status)) };
    },
  );
  server.get(
    '/api/rollouts',
    {
      preHandler: allow('look'),
      schema: {
        summary: 'Where the waves of releases stand',
        security,
        response: { 200: schemas.rollouts, ...failures },
      },
    },
    async () => {
      const steps = await host.rollouts();
      return {
        rollouts: steps.map(({ rollout, waiting, waitsFor }) => ({
          ...rollout,
          waiting,
          waitsFor,
        })),
      };
    },
  );
  server.post(
    '/api/rollouts',
    {
      preHandler: allow('act'),
      schema: {
        summary: 'Let the next wave open, halt, or resume',
        security,
        body: schemas.changeRollout,
        response: { 200: schemas.rollout, ...failures },
      },
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const parsed = ChangeRollout.safeParse(request.body ?? {});
      if (!parsed.success) return refuse(reply, 400, 'bad-request', z.prettifyError(parsed.error));
      try {
        const rollout = await host.changeRollout(parsed.data);
        if (parsed.data.action !== 'halt') await advanceWaves({ database, host, runs, logger });
        return rollout;
      } catch (error) {
        const { failure, blame } = describeFailure(error);
        if (failure.code !== 'no-rollout' || blame === 'environment') throw error;
        return refuse(reply, 404, failure.code, failure.message);
      }
    },
  );
  server.get('/api/openapi.json', { preHandler: allow('look'), schema: { hide: true } }, () =>
    server.swagger(),
  );
}

/** Lets in who may do this, by a token or a session; a session's calls must come from this page. */
export function allow(role: Role) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { identity } = request;
    if (!identity) {
      reply.header('www-authenticate', 'Bearer realm="holdfast"');
      return refuse(reply, 401, 'unauthorized', 'send the token: Authorization: Bearer TOKEN');
    }
    if (role === 'act' && identity.role !== 'act')
      return refuse(reply, 403, 'forbidden', `${identity.name} may look, not act`);
    const writes = request.method !== 'GET' && request.method !== 'HEAD';
    const byCookie = request.headers.authorization === undefined;
    if (writes && byCookie && !isSameOrigin(request))
      return refuse(reply, 403, 'forbidden', 'the call came from another site');
    return undefined;
  };
}

/** Browsers send `Origin` with every call that writes. */
export function isSameOrigin({ headers }: FastifyRequest): boolean {
  const { origin, host } = headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } });
}

function definedOnly<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
