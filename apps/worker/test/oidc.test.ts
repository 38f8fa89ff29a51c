import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { Provider } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestFleet } from './fleet.js';
import type { TestFleet } from './fleet.js';
import { freePort } from './postgres.js';
import { startWorkerProcess } from './worker-process.js';
import type { WorkerProcess } from './worker-process.js';

/** As much of a browser as signing in needs: it keeps cookies by host, and follows redirects. */
class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  async open(address: string, form?: Readonly<Record<string, string>>): Promise<Response> {
    let url = address;
    let body = form && new URLSearchParams(form);
    for (let hops = 0; hops < 20; hops += 1) {
      const { host, origin } = new URL(url);
      const jar = this.#cookies.get(host) ?? new Map<string, string>();
      this.#cookies.set(host, jar);
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), origin },
        ...(body ? { method: 'POST', body } : {}),
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        if (value === '') jar.delete(name);
        else jar.set(name, value);
      }
      const location = response.headers.get('location');
      if (location === null) return response;
      url = new URL(location, url).href;
      body = undefined;
    }
    throw new Error('too many redirects');
  }

  forget(host: string, name: string): void {
    this.#cookies.get(host)?.delete(name);
  }
}

/** A certified provider (oidc-provider) that lets everybody in under the name they give. */
async function startProvider(port: number, redirect: string): Promise<Server> {
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [{ client_id: 'holdfast', client_secret: 'client-secret', redirect_uris: [redirect] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        email: `${id}@example.com`,
        email_verified: id !== 'mallory',
      }),
    }),
    cookies: { keys: ['a-key-of-the-tests'] },
  });
  const answer = provider.callback();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

describe('signing in by OpenID Connect', () => {
  let fleet: TestFleet;
  let worker: WorkerProcess;
  let provider: Server;
  let port: number;

  beforeAll(async () => {
    fleet = await createTestFleet(1);
    port = await freePort();
    const own = await freePort();
    const base = `http://127.0.0.1:${own}`;
    provider = await startProvider(port, `${base}/sign-in/oidc/callback`);
    worker = await startWorkerProcess({
      cwd: fleet.source,
      data: join(fleet.folder, 'data'),
      environment: {
        PORT: String(own),
        HOLDFAST_WORKER_URL: base,
        HOLDFAST_WORKER_OIDC_ISSUER: `http://127.0.0.1:${port}`,
        HOLDFAST_WORKER_OIDC_CLIENT_ID: 'holdfast',
        HOLDFAST_WORKER_OIDC_CLIENT_SECRET: 'client-secret',
        HOLDFAST_WORKER_ACTORS: 'ada@example.com',
      },
    });
  }, 120_000);

  afterAll(async () => {
    await worker?.kill();
    provider?.closeAllConnections();
    provider?.close();
    await fleet?.[Symbol.asyncDispose]();
  });

  /** Goes through the provider's own forms; gives the answer of the worker at the end. */
  async function signIn(browser: Browser, login: string): Promise<Response> {
    let response = await browser.open(`${worker.url}/sign-in/oidc`);
    for (const form of [{ prompt: 'login', login, password: 'any' }, { prompt: 'consent' }]) {
      const action = /action="([^"]+)"/.exec(await response.text())?.[1] ?? '';
      response = await browser.open(new URL(action, response.url).href, form);
    }
    return response;
  }

  test('who is named as an actor may act', async () => {
    const browser = new Browser();
    expect((await signIn(browser, 'ada')).status).toBe(200);
    const page = await (await browser.open(worker.url)).text();
    expect(page).toContain('ada@example.com');
    expect(page).toContain('Sync now');
    const run = await browser.open(`${worker.url}/runs`, { kind: 'check' });
    expect(await run.text()).toContain('ada@example.com on the page');
  });

  test('everyone else looks', async () => {
    const browser = new Browser();
    await signIn(browser, 'grace');
    expect(await (await browser.open(worker.url)).text()).not.toContain('Sync now');
    expect((await browser.open(`${worker.url}/runs`, { kind: 'sync' })).status).toBe(403);
  });

  test('an address that nobody verified is no name', async () => {
    const browser = new Browser();
    await signIn(browser, 'mallory');
    expect(await (await browser.open(worker.url)).text()).not.toContain('mallory@example.com');
  });

  test('an answer that this browser did not ask for is refused', async () => {
    const browser = new Browser();
    const stolen = `${worker.url}/sign-in/oidc/callback?code=stolen&state=forged`;
    expect((await browser.open(stolen)).status).toBe(401);
    await browser.open(`${worker.url}/sign-in/oidc`);
    expect((await browser.open(stolen)).status).toBe(401);
    expect(await (await browser.open(worker.url)).text()).toContain('Token of the worker');
  });

  test('no secret is in the log', () => {
    expect(worker.log()).not.toContain('client-secret');
    expect(worker.log()).not.toMatch(/code=[A-Za-z0-9_-]{10}/);
  });
});
