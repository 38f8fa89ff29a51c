import { html, renderPage } from '@holdfast/page';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isSameOrigin } from './api-routes.js';
import { SESSION_COOKIE, roleOfName, roleOfToken } from './authenticate.js';
import type { ServiceContext } from './service-context.js';
import { connectOidc } from './oidc.js';
import { SESSION_SECONDS, sealSession } from './session.js';
import type { Identity } from './session.js';

/** Signing in with the worker's token, or by OIDC where a provider is set; and out. */
export function signInRoutes(
  server: FastifyInstance,
  { signIn, oidc, clock }: ServiceContext,
): void {
  const provider = oidc && connectOidc(oidc);

  server.get('/sign-in', { schema: { hide: true } }, (request, reply) =>
    page(request, reply, { oidc: provider !== undefined }),
  );
  server.post<{ Body: { token?: string } | undefined }>(
    '/sign-in',
    { schema: { hide: true }, config: { rateLimit: { max: 20, timeWindow: '1 minute' } } },
    async (request, reply) => {
      const { token } = request.body ?? {};
      const role =
        typeof token === 'string' && isSameOrigin(request)
          ? roleOfToken(token.trim(), signIn)
          : undefined;
      if (!role) {
        request.log.warn('sign-in refused');
        return page(request, reply.code(401), { oidc: provider !== undefined, wrong: true });
      }
      return welcome(request, reply, { name: 'token', role });
    },
  );
  server.post('/sign-out', { schema: { hide: true } }, async (request, reply) => {
    if (!isSameOrigin(request)) return reply.code(403).send();
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).redirect('/sign-in', 303);
  });
  if (provider) {
    server.get('/sign-in/oidc', { schema: { hide: true } }, async (_request, reply) => {
      const { url, state } = await provider.begin();
      reply.setCookie('holdfast_oidc', state, {
        path: '/sign-in/oidc',
        httpOnly: true,
        sameSite: 'lax',
        secure: provider.secure,
        maxAge: 600,
      });
      return reply.redirect(url, 303);
    });
    server.get('/sign-in/oidc/callback', { schema: { hide: true } }, async (request, reply) => {
      const state = request.cookies['holdfast_oidc'];
      const name = state === undefined ? undefined : await provider.finish(request.url, state);
      reply.clearCookie('holdfast_oidc', { path: '/sign-in/oidc' });
      if (name === undefined) return page(request, reply.code(401), { oidc: true, wrong: true });
      return welcome(request, reply, { name, role: roleOfName(name, signIn) });
    });
  }

  function welcome(request: FastifyRequest, reply: FastifyReply, identity: Identity): FastifyReply {
    request.log.info({ name: identity.name, role: identity.role }, 'signed in');
    return reply
      .setCookie(SESSION_COOKIE, sealSession(identity, { key: signIn.key, now: clock() }), {
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure: request.protocol === 'https',
        maxAge: SESSION_SECONDS,
      })
      .type('text/html')
      .send(
        // A redirect here would still count as coming from the provider's site, without the cookie.
        renderPage(
          html`<meta http-equiv="refresh" content="0;url=/" />
            <p><a href="/">To the fleet</a></p>`,
          {
            title: 'Signed in',
            nonce: request.nonce,
          },
        ),
      );
  }
}

function page(
  request: FastifyRequest,
  reply: FastifyReply,
  { oidc, wrong = false }: { readonly oidc: boolean; readonly wrong?: boolean },
): FastifyReply {
  const content = html`<h1>Sign in</h1>
    ${wrong ? html`<div class="note" role="alert">That did not work.</div>` : null}
    ${oidc ? html`<p><a href="/sign-in/oidc">Sign in with your organisation</a></p>` : null}
    <form class="row" method="post" action="/sign-in">
      <div>
        <label for="token">Token of the worker</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required />
      </div>
      <button class="do" type="submit">Sign in</button>
    </form>
    <p class="soft">
      The worker printed it at its first start, or it stands in HOLDFAST_WORKER_TOKEN.
    </p>`;
  return reply
    .type('text/html')
    .send(renderPage(content, { title: 'Sign in', nonce: request.nonce }));
}
