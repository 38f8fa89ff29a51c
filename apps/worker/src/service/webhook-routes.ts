import type { FastifyInstance } from 'fastify';
import { matchDelivery } from '../triggers/match-delivery.js';
import { readDelivery } from '../triggers/read-delivery.js';
import type { ServiceContext } from './service-context.js';

/** GitHub sends up to 25 MB. */
const BODY_LIMIT = 25 * 1024 * 1024;

const forges = ['github', 'gitlab', 'forgejo'] as const;

/**
 * `POST /webhooks/github`, `/webhooks/gitlab`, `/webhooks/forgejo` (Gitea too): 202 with the run that
 * follows, 200 where none does or the same came before. The answer is given once the run is written.
 */
export function webhookRoutes(server: FastifyInstance, context: ServiceContext): void {
  const { host, runs, metrics, secrets, clock } = context;
  // A signature is over the bytes: nothing parses them before it is checked.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  for (const forge of forges) {
    server.post(
      `/webhooks/${forge}`,
      {
        bodyLimit: BODY_LIMIT,
        config: { rateLimit: { max: 20_000, timeWindow: '1 minute' } },
        schema: { hide: true },
      },
      async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const received = readDelivery(
          forge,
          { headers: request.headers, body },
          { secrets, now: clock() },
        );
        if (received.kind === 'refused') {
          metrics.delivery(forge, 'refused');
          request.log.warn({ forge, reason: received.reason }, 'webhook refused');
          return reply
            .code(received.status)
            .send({ error: { code: 'refused', message: received.reason } });
        }
        const { delivery, digest } = received;
        const consequence = matchDelivery(delivery, await host.watched());
        const result = await runs.receive({
          digest,
          forge,
          event: delivery.event.kind,
          repository: delivery.repository.name.slice(0, 1_000),
          ...(consequence.kind === 'run'
            ? {
                run: {
                  kind: consequence.run,
                  selection: consequence.selection,
                  trigger: { by: 'webhook' as const, detail: consequence.detail },
                },
              }
            : {}),
        });
        metrics.delivery(forge, result.kind);
        request.log.info({ forge, ...result, consequence: consequence.kind }, 'webhook taken');
        if (consequence.kind === 'nothing') return reply.send({ nothing: consequence.reason });
        return reply.code(result.kind === 'started' ? 202 : 200).send(result);
      },
    );
  }
}
