import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createSandbox } from './sandbox.js';
import type { Sandbox } from './sandbox.js';

const token = 'Bearer t0p-s3cret-value';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

/** An endpoint on loopback that keeps what it was sent. */
interface Endpoint extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
}

type Answer = (request: Received, response: ServerResponse) => void;

async function listen(answer: Answer): Promise<Endpoint> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const { method, url, headers } = request;
      const { authorization } = headers;
      received.push({ method, url, authorization, type: headers['content-type'], body });
      answer(received.at(-1) as Received, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const answerWith =
  (status: number, body: unknown = ''): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

async function createCatalogue(live: string): Promise<Sandbox> {
  const sandbox = await createSandbox();
  await sandbox.write({
    'source/holdfast.yaml': `validation:\n  live: ${live}\n`,
    'source/objects/member.json': '{\n  "id": "m-1"\n}\n',
    'source/objects/loan.yaml': 'id: l-1\n',
    'source/other.json': '{ "$schema": "https://schemas.example/other.json" }\n',
    'source/package.json': '{ "name": "catalogue" }\n',
  });
  return sandbox;
}

async function validate(sandbox: Sandbox, environment: Record<string, string> = {}) {
  const finished = await sandbox.holdfast(['validate', '--live', '--check', 'checksum', '--json'], {
    environment,
  });
  const { findings = [], error } = JSON.parse(finished.stdout) as {
    findings?: { path: string; message: string; range?: object }[];
    error?: { code: string; message: string; hint: string };
  };
  return { ...finished, findings, error };
}

describe('the live check', () => {
  test('sends each model as it is, with headers from the environment', async () => {
    await using endpoint = await listen(answerWith(200, { valid: true }));
    await using sandbox = await createCatalogue(
      `{ url: "${endpoint.url}/validate?strict=1", method: PUT, files: "objects/*", headers_from_env: { Authorization: TOKEN } }`,
    );
    const { exitCode, findings, stdout } = await validate(sandbox, { TOKEN: token });
    expect({ exitCode, findings }).toEqual({ exitCode: 0, findings: [] });
    expect(stdout).not.toContain('s3cret');
    expect(endpoint.received.sort((a, b) => a.body.length - b.body.length)).toEqual([
      {
        method: 'PUT',
        url: '/validate?strict=1',
        authorization: token,
        type: 'application/yaml',
        body: 'id: l-1\n',
      },
      {
        method: 'PUT',
        url: '/validate?strict=1',
        authorization: token,
        type: 'application/json',
        body: '{\n  "id": "m-1"\n}\n',
      },
    ]);
  });

  test('takes for a model what follows a schema, unless files are named', async () => {
    await using endpoint = await listen(answerWith(204));
    await using sandbox = await createCatalogue(`{ url: "${endpoint.url}" }`);
    expect((await validate(sandbox)).exitCode).toBe(0);
    expect(endpoint.received.map(({ body }) => body)).toEqual([
      '{ "$schema": "https://schemas.example/other.json" }\n',
    ]);
  });

  test('is off unless it is asked for', async () => {
    await using endpoint = await listen(answerWith(204));
    await using sandbox = await createCatalogue(`{ url: "${endpoint.url}" }`);
    await sandbox.holdfast(['validate']);
    expect(endpoint.received).toEqual([]);
  });

  test.each([
    {
      name: 'a list of errors with pointers',
      status: 422,
      body: { errors: [{ message: 'is taken', instancePath: '/id' }, 'and more'] },
      messages: ['answered 422: and more', 'answered 422: is taken'],
      line: 2,
    },
    {
      name: 'problem details',
      status: 400,
      body: { title: 'Bad', detail: 'no owner' },
      messages: ['answered 400: no owner'],
    },
    {
      name: 'valid: false',
      status: 200,
      body: { valid: false },
      messages: ['answered 200: it is not valid'],
    },
    {
      name: 'plain text',
      status: 409,
      body: 'the id\nexists',
      messages: ['answered 409: the id exists'],
    },
    { name: 'nothing', status: 400, body: '', messages: ['answered 400: it is not valid'] },
    {
      name: 'what it was sent',
      status: 400,
      body: { message: `no rights for ${token}, that is t0p-s3cret-value` },
      messages: ['answered 400: no rights for ***, that is ***'],
    },
    {
      name: 'too much',
      status: 400,
      body: 'x'.repeat(3_000_000),
      messages: [`answered 400: ${'x'.repeat(500)}…`],
    },
  ])('reports $name', async ({ status, body, messages, line }) => {
    await using endpoint = await listen(answerWith(status, body));
    await using sandbox = await createCatalogue(
      `{ url: "${endpoint.url}", files: "objects/member.json", headers_from_env: { Authorization: TOKEN } }`,
    );
    const { exitCode, findings } = await validate(sandbox, { TOKEN: token });
    expect(exitCode).toBe(1);
    const host = endpoint.url.replace('http://', '');
    expect(findings.map(({ message }) => message)).toEqual(
      messages.map((words) => `${host} ${words}`),
    );
    if (line !== undefined) expect(findings.at(-1)?.range).toMatchObject({ start: { line } });
  });

  test.each([
    {
      name: 'a refused token',
      answer: answerWith(401),
      words: 'answered 401',
      hint: 'check the token',
    },
    {
      name: 'an outage',
      answer: answerWith(503, 'x'),
      words: 'answered 503',
      hint: 'without --live',
    },
    {
      name: 'silence',
      answer: () => undefined,
      words: 'did not answer within 1 s',
      hint: 'without --live',
    },
    {
      name: 'a broken line',
      answer: ((_request, response) => response.destroy()) satisfies Answer,
      words: 'cannot be reached',
      hint: 'without --live',
    },
    {
      name: 'a redirect to another host',
      answer: ((_request, response) =>
        response
          .writeHead(307, { location: 'http://localhost:9/elsewhere' })
          .end()) satisfies Answer,
      words: 'answered 307, a redirect to http://localhost:9 that is not followed',
      hint: 'without --live',
    },
    {
      name: 'a redirect that would become a GET',
      answer: ((_request, response) =>
        response.writeHead(302, { location: '/x' }).end()) satisfies Answer,
      words: 'answered 302, a redirect that is not followed',
      hint: 'without --live',
    },
    {
      name: 'a ring of redirects',
      answer: ((_request, response) =>
        response.writeHead(308, { location: '/x' }).end()) satisfies Answer,
      words: 'answered 308, a redirect that is not followed',
      hint: 'without --live',
    },
  ])('ends with 3 and a report after $name', async ({ answer, words, hint }) => {
    await using endpoint = await listen(answer);
    await using sandbox = await createCatalogue(
      `{ url: "${endpoint.url}", files: "objects/*", timeout_seconds: 1, headers_from_env: { Authorization: TOKEN } }`,
    );
    const { exitCode, error, stdout, stderr } = await validate(sandbox, { TOKEN: token });
    expect(exitCode).toBe(3);
    expect(error).toMatchObject({ code: 'live-failed', message: expect.stringContaining(words) });
    expect(error?.hint).toContain(hint);
    expect(stdout).toContain('the check itself failed');
    expect(stdout + stderr).not.toContain('s3cret');
  });

  test('follows a redirect on the same host, with everything', async () => {
    await using endpoint = await listen((request, response) => {
      if (request.url === '/old') response.writeHead(308, { location: '/new' }).end();
      else response.writeHead(204).end();
    });
    await using sandbox = await createCatalogue(
      `{ url: "${endpoint.url}/old", files: "objects/member.json" }`,
    );
    expect((await validate(sandbox)).exitCode).toBe(0);
    expect(endpoint.received.map(({ url, method, body }) => [url, method, body.length])).toEqual([
      ['/old', 'POST', 18],
      ['/new', 'POST', 18],
    ]);
  });

  test.each([
    { value: undefined, words: 'the variable TOKEN for the header Authorization is not set' },
    { value: `${token}\n`, words: 'the variable TOKEN holds what no header can' },
  ])('sends nothing with the token $value', async ({ value, words }) => {
    await using endpoint = await listen(answerWith(204));
    await using sandbox = await createCatalogue(
      `{ url: "${endpoint.url}", files: "objects/*", headers_from_env: { Authorization: TOKEN } }`,
    );
    const { exitCode, error, stdout } = await validate(
      sandbox,
      value === undefined ? {} : { TOKEN: value },
    );
    expect({ exitCode, message: error?.message }).toEqual({ exitCode: 3, message: words });
    expect(stdout).not.toContain('s3cret');
    expect(endpoint.received).toEqual([]);
  });
});
