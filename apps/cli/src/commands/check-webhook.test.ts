import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { configuration, createSyncedFleet, guide } from '../../test/sandbox.js';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

test('a signed message tells what began and what is over, once, whichever machine looks', async () => {
  await using sandbox = await createSyncedFleet();
  const received: Received[] = [];
  let status = 500;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    await sandbox.write({
      'source/holdfast.yaml': `${configuration}alerts: { webhook: { url: "http://127.0.0.1:${port}/hook?key=hidden", secret_from_env: HOOK_SECRET } }\n`,
    });
    const mended = await sandbox.git(sandbox.path('api.git'), 'rev-parse', 'main');
    await sandbox.commit('api.git', 'Mine', { 'standards/guide.md': guide('Mine.') });
    const check = (state = 'state', now = '2026-01-12T10:00:00Z') =>
      sandbox.holdfast(['check', '--webhook', '--json'], {
        now,
        environment: { HOOK_SECRET: 's3cret', HOLDFAST_STATE_DIR: sandbox.path(state) },
      });

    const unset = await sandbox.holdfast(['check', '--webhook']);
    expect(unset).toMatchObject({ exitCode: 2 });
    expect(unset.stderr).toContain('HOOK_SECRET');

    const failed = await check();
    expect(failed).toMatchObject({ exitCode: 3 });
    expect(failed.stdout).toContain('answered 500');
    expect(failed.stdout + failed.stderr).not.toMatch(/s3cret|hidden/);

    status = 204;
    const told = await check();
    expect(told).toMatchObject({ exitCode: 1 });
    expect(JSON.parse(told.stdout)).toMatchObject({
      webhook: { kind: 'posted', told: ['drift api org/api'], over: [] },
    });
    const { headers, body } = received.at(-1) as Received;
    const signed = `${String(headers['x-holdfast-timestamp'])}.${body}`;
    const signature = createHmac('sha256', 's3cret').update(signed).digest('hex');
    expect(headers['x-holdfast-signature-256']).toBe(`sha256=${signature}`);
    expect(JSON.parse(body)).toMatchObject({
      version: 1,
      source: 'acme/standards',
      alerts: [{ type: 'drift', target_repo: 'org/api', files: ['standards/guide.md'] }],
      over: [],
    });
    expect(JSON.parse((await check('elsewhere', '2026-01-13T10:00:00Z')).stdout)).toMatchObject({
      webhook: { kind: 'nothing-new' },
    });
    await sandbox.git(sandbox.path('api.git'), 'update-ref', 'refs/heads/main', mended);
    expect(JSON.parse((await check()).stdout)).toMatchObject({
      webhook: { kind: 'posted', told: [], over: ['drift api org/api'] },
    });
    expect(received).toHaveLength(3);
  } finally {
    server.close();
  }
});
