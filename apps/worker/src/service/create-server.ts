import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { apiRoutes } from './api-routes.js';
import { authenticate } from './authenticate.js';
import { healthRoutes } from './health-routes.js';
import { pageRoutes } from './page-routes.js';
import type { Identity } from './session.js';
import { signInRoutes } from './sign-in-routes.js';
import { webhookRoutes } from './webhook-routes.js';
import type { ServiceContext } from './service-context.js';
import { traceRequests } from './trace-requests.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; undefined for a stranger. */
    identity: Identity | undefined;
    /** The nonce of this answer's style and script. */
    nonce: string;
  }
}

/** Requests a minute that one address may make; webhooks have a limit of their own. */
const REQUESTS_A_MINUTE = 600;

/** Far more than any form or call of ours needs. */
const BODY_LIMIT = 256 * 1024;

/** Makes the HTTP service: health, metrics, API, webhooks and the fleet page. It does not listen yet. */
export async function createServer(context: ServiceContext): Promise<FastifyInstance> {
  const { logger, signIn, version } = context;
  const server = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomBytes(6).toString('hex'),
    trustProxy: false,
  });
  traceRequests(server);
  server.decorateRequest('identity');
  server.decorateRequest('nonce', '');
  await server.register(helmet, {
    contentSecurityPolicy: false,
    // Under no-referrer a browser sends `Origin: null` with our own forms.
    referrerPolicy: { policy: 'same-origin' },
  });
  await server.register(rateLimit, { max: REQUESTS_A_MINUTE, timeWindow: '1 minute' });
  await server.register(cookie);
  await server.register(formbody);
  await server.register(swagger, {
    openapi: {
      info: { title: 'Holdfast worker', version },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
  });
  server.addHook('onRequest', async (request, reply) => {
    request.identity = authenticate(request, signIn);
    request.nonce = randomBytes(16).toString('base64');
    reply.header(
      'content-security-policy',
      [
        "default-src 'none'",
        `style-src 'nonce-${request.nonce}'`,
        `script-src 'nonce-${request.nonce}'`,
        'img-src data:',
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
    );
    reply.header('cache-control', 'no-store');
  });
  server.setErrorHandler<Error & { statusCode?: number; validation?: unknown }>(
    (error, request, reply) => {
      const status = error.statusCode ?? 500;
      if (status >= 500) request.log.error({ err: error }, 'request failed');
      const message =
        status >= 500 ? 'something went wrong here; the log says what' : error.message;
      return reply.code(status).send({ error: { code: codeOf(status), message } });
    },
  );
  healthRoutes(server, context);
  await server.register(async (scope) => webhookRoutes(scope, context));
  apiRoutes(server, context);
  signInRoutes(server, context);
  pageRoutes(server, context);
  return server;
}

function codeOf(status: number): string {
  if (status === 429) return 'too-many-requests';
  if (status === 413) return 'too-large';
  return status >= 500 ? 'unexpected' : 'bad-request';
}
