import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestFleet } from './fleet.js';
import type { TestFleet } from './fleet.js';
import { freePort } from './postgres.js';
import { eventually, startWorkerProcess } from './worker-process.js';
import type { WorkerProcess } from './worker-process.js';

let fleet: TestFleet;
let worker: WorkerProcess;
let collector: Server;
const received: { path: string; tenant: string; body: string }[] = [];

beforeAll(async () => {
  const port = await freePort();
  collector = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const tenant = String(request.headers['x-tenant']);
      // Protocol buffers hold texts as they are.
      received.push({
        path: request.url ?? '',
        tenant,
        body: Buffer.concat(parts).toString('latin1'),
      });
      response.end();
    });
  });
  await new Promise<void>((resolve) => collector.listen(port, '127.0.0.1', resolve));
  fleet = await createTestFleet(1);
  worker = await startWorkerProcess({
    cwd: fleet.source,
    data: join(fleet.folder, 'data'),
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=acme',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=tests',
      OTEL_SERVICE_NAME: 'our-worker',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
  });
}, 120_000);

afterAll(async () => {
  await worker?.kill();
  collector?.close();
  await fleet?.[Symbol.asyncDispose]();
});

test('traces go where the standard variables say, a run beneath the request that asked for it', async () => {
  const traceId = 'c0ffee'.padStart(32, '1');
  const response = await fetch(`${worker.url}/api/runs`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer token-of-the-tests',
      'content-type': 'application/json',
      traceparent: `00-${traceId}-${'2'.repeat(16)}-01`,
    },
    body: '{}',
  });
  expect(response.status).toBe(202);
  await eventually(async () => received.some(({ body }) => body.includes('sync targets')));
  const all = received.map(({ body }) => body).join('');
  expect(received[0]).toMatchObject({ path: '/v1/traces', tenant: 'acme' });
  for (const word of ['our-worker', 'deployment.environment', 'POST /api/runs', 'holdfast.run'])
    expect(all).toContain(word);
  expect(all).toContain(Buffer.from(traceId, 'hex').toString('latin1'));
  expect(all).not.toContain('token-of-the-tests');
});
