import type { FastifyInstance } from 'fastify';
import type { ServiceContext } from './service-context.js';

/** `/healthz`: the process lives; `/readyz`: it does its work; `/metrics`: what it counts. */
export function healthRoutes(
  server: FastifyInstance,
  { isReady, metrics }: Pick<ServiceContext, 'isReady' | 'metrics'>,
): void {
  const config = { rateLimit: false } as const;
  server.get('/healthz', { config, schema: { hide: true } }, () => ({ status: 'ok' }));
  server.get('/readyz', { config, schema: { hide: true } }, async (_request, reply) => {
    const ready = await isReady().catch(() => false);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
  server.get('/metrics', { config, schema: { hide: true } }, async (request, reply) => {
    if (!request.identity) {
      return reply
        .code(401)
        .send({ error: { code: 'unauthorized', message: 'send the token of the worker' } });
    }
    return reply.type(metrics.contentType).send(await metrics.text());
  });
}
