import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createStand, npmServer, oddServer, rawCall, token, until } from './stand.js';

const eras = ['legacy', 'auto'] as const;
const textOf = (result: Record<string, unknown>): string =>
  (result['content'] as { text: string }[])[0]!.text;

describe.each(eras)('a client, %s', (era) => {
  test('lists what live_catalog.json has, and calls, over HTTP and stdio', async () => {
    await using stand = await createStand({ odd: oddServer() });
    const live = (await stand.proxy.listTools(), await stand.store.read('live-catalog'))!;
    for (const client of [await stand.connect(era), await stand.connectStdio(era)]) {
      const { tools } = await stand.proxy.listTools();
      const written = live.tools.map(
        ({ server: _, source: __, schemaSource: ___, ...tool }) => tool,
      );
      expect(JSON.parse(JSON.stringify(tools))).toEqual(written);
      const names = tools.map((tool) => (tool as { name: string }).name);
      expect(names).toEqual(
        expect.arrayContaining(['__proto__', 'constructor', 'keys', 'rootless']),
      );
      expect(textOf(await rawCall(client, '__proto__', { a: 1 }))).toBe(
        '{"name":"__proto__","given":{"a":1}}',
      );
      await expect(rawCall(client, 'toString')).rejects.toMatchObject({ code: -32602 });
    }
  });

  test('gets results as they were written', async () => {
    await using stand = await createStand({ odd: oddServer() });
    const client = await stand.connectStdio(era);
    if (era === 'legacy')
      expect(await rawCall(client, 'keys')).toEqual({
        content: [{ type: 'odd', unknown: 1 }],
        unknownKey: { deep: [1] },
      });
    const counted = await rawCall(client, 'counts');
    expect(counted['structuredContent']).toEqual({ count: 3, more: true });
    await expect(rawCall(client, 'protocol-error')).rejects.toMatchObject({
      code: -32050,
      message: expect.stringContaining('not today') as string,
    });
  });

  test('hears of progress, and cancels', async () => {
    await using stand = await createStand({ odd: oddServer() });
    for (const client of [await stand.connect(era), await stand.connectStdio(era)]) {
      const seen: unknown[] = [];
      await client.callTool(
        { name: 'slow', arguments: { ms: 300 } },
        { onprogress: (progress) => seen.push(progress) },
      );
      expect(seen.length).toBeGreaterThan(1);
      const stop = new AbortController();
      const call = client.callTool(
        { name: 'slow', arguments: { ms: 20_000 } },
        { signal: stop.signal },
      );
      setTimeout(() => stop.abort(), 100);
      await expect(call).rejects.toThrow();
      expect(textOf(await rawCall(client, 'reader'))).toBe('reads');
    }
  });

  test('is told once of many changes', async () => {
    await using stand = await createStand({ odd: oddServer() });
    const client = await stand.connectStdio(era);
    let told = 0;
    client.setNotificationHandler('notifications/tools/list_changed', () => {
      told++;
    });
    if (era === 'auto') await client.listen({ toolsListChanged: true });
    await rawCall(client, 'change');
    await until(() => told > 0);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(told).toBe(1);
    const { tools } = await stand.proxy.listTools();
    expect(tools).toContainEqual({ name: 'new', inputSchema: { type: 'object' } });
  });

  test('answers what a server asks, where that is allowed', async () => {
    await using stand = await createStand({ odd: oddServer() }, { passOn: ['elicitation'] });
    const questions: string[] = [];
    const person = {
      capabilities: { elicitation: { form: {} } },
      answer: (message: string) => {
        questions.push(message);
        return { action: 'accept', content: {} };
      },
    };
    for (const client of [
      await stand.connect(era, person),
      await stand.connectStdio(era, person),
    ]) {
      questions.length = 0;
      expect(textOf(await rawCall(client, 'ask'))).toContain('accept');
      expect(textOf(await rawCall(client, 'ask-twice'))).toContain('accept');
      expect(questions).toHaveLength(3);
    }
    const mute = await stand.connectStdio(era);
    expect(textOf(await rawCall(mute, 'ask'))).toContain('cannot do elicitation');
  });

  test('is not asked where it is not allowed', async () => {
    await using stand = await createStand({ odd: oddServer() });
    const client = await stand.connectStdio(era, {
      capabilities: { elicitation: { form: {} } },
      answer: () => expect.unreachable(),
    });
    expect(textOf(await rawCall(client, 'ask'))).toContain('not passed on');
  });
});

describe('HTTP', () => {
  test('takes no request of another host, page or without the token', async () => {
    await using stand = await createStand({ odd: oddServer() });
    const url = await stand.url();
    const ask = async (headers: Record<string, string>, path = '/mcp'): Promise<number> => {
      const response = await fetch(`${url}${path}`, { headers });
      await response.text();
      return response.status;
    };
    const authorization = `Bearer ${token}`;
    expect([
      await ask({}),
      await ask({ authorization: 'Bearer no' }),
      await ask({ authorization, origin: 'https://evil.example' }),
      await ask({ authorization }, '/elsewhere'),
      await ask({ authorization }, '/diagnostics/catalog'),
      await ask({}, '/metrics'),
    ]).toEqual([401, 401, 403, 404, 200, 401]);
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      request(
        `${url}/metrics`,
        { headers: { host: 'evil.example', authorization } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      ).end();
    });
    expect(status).toBe(403);
  });

  test('tells its metrics', async () => {
    await using stand = await createStand({ odd: oddServer(), gone: oddServer('dies-early') });
    const client = await stand.connect('auto');
    await rawCall(client, 'reader');
    const response = await fetch(`${await stand.url()}/metrics`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await response.text();
    expect(text).toContain('holdfast_proxy_calls_total{server="odd",result="ok"} 1');
    expect(text).toContain(
      'holdfast_proxy_schema_attempts_total{schema="declared",result="success"} 1',
    );
    expect(text).toContain('holdfast_proxy_server_up{server="gone"} 0');
    expect(text).toContain('holdfast_proxy_server_up{server="odd"} 1');
  });

  test('serves a hundred clients at once', async () => {
    await using stand = await createStand({ odd: oddServer(), other: oddServer('many') });
    const clients = await Promise.all(
      Array.from({ length: 100 }, (_, at) => stand.connect(eras[at % 2]!)),
    );
    const results = await Promise.all(
      clients.map((client, at) => rawCall(client, 'constructor', { at })),
    );
    expect(results.map((result) => JSON.parse(textOf(result)) as unknown)).toEqual(
      clients.map((_, at) => ({ name: 'constructor', given: { at } })),
    );
  }, 60_000);
});

describe('a bad server', () => {
  test.each(['silent', 'dies-early', 'dies-listing'])(
    '%s costs its own tools only',
    async (mode) => {
      await using stand = await createStand(
        { bad: oddServer(mode), good: oddServer() },
        { startTimeoutMs: 1500 },
      );
      const client = await stand.connectStdio('auto');
      expect(textOf(await rawCall(client, 'reader'))).toBe('reads');
      const { servers } = stand.proxy.state();
      expect(servers[0]!.health).not.toBe('up');
      expect(servers[1]!.health).toBe('up');
      expect((await stand.store.read('live-catalog'))!.servers[0]!.error).toBeDefined();
    },
  );

  test('that is away is told of by its name', async () => {
    await using first = await createStand({ odd: oddServer() });
    await first.proxy.listTools();
    await first.proxy.close();
    await using stand = await createStand(
      { odd: oddServer('dies-early') },
      { folder: first.folder, backoffMs: 60_000 },
    );
    const client = await stand.connectStdio('auto');
    expect(await rawCall(client, 'reader')).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('reader is away: odd is failed') as string }],
    });
  });

  test('that lists without end is cut', async () => {
    await using stand = await createStand({ bad: oddServer('endless'), good: oddServer() });
    await stand.proxy.listTools();
    expect(stand.proxy.state().servers.map(({ health }) => health)).toEqual(['partial', 'up']);
  });

  test('that dies in a call is started again', async () => {
    await using stand = await createStand({ odd: oddServer() });
    const client = await stand.connectStdio('auto');
    const died = await rawCall(client, 'die');
    expect(died).toMatchObject({ isError: true });
    // Its tools go from the list at once; a call waits for it.
    await until(() => stand.proxy.state().servers[0]!.health === 'failed');
    expect(textOf(await rawCall(client, 'reader'))).toBe('reads');
    await until(() => stand.proxy.state().served > 10);
  });

  test('that sends garbage, a giant, or its secret', async () => {
    await using stand = await createStand(
      { odd: oddServer('usual', { API_TOKEN: 'hunter2-hunter2' }) },
      { maxResult: 100_000, callTimeoutMs: 1500 },
    );
    const client = await stand.connectStdio('auto');
    expect(textOf(await rawCall(client, 'giant'))).toContain('longer than 100000');
    expect(textOf(await rawCall(client, 'secret'))).toBe('it is ***');
    expect(textOf(await rawCall(client, 'garbage'))).toContain('timed out');
    expect(textOf(await rawCall(client, 'reader'))).toBe('reads');
    const written = await readFile(stand.store.pathOf('live-descriptors'), 'utf8');
    expect(written + JSON.stringify(stand.log)).not.toContain('hunter2');
  });
});

test('a lazy server starts when it is called', async () => {
  await using first = await createStand({ odd: oddServer() });
  await first.proxy.listTools();
  await first.proxy.close();
  await using stand = await createStand(
    { odd: oddServer() },
    { isLazy: true, folder: first.folder },
  );
  await stand.proxy.listTools();
  expect(stand.log.filter(({ message }) => message === 'server')).toEqual([]);
  expect(stand.proxy.state().served).toBeGreaterThan(10);
  const client = await stand.connectStdio('auto');
  expect(textOf(await rawCall(client, 'reader'))).toBe('reads');
});

test('servers of npm: their tools are served, and what they say is passed on', async () => {
  await using stand = await createStand({
    everything: npmServer('@modelcontextprotocol/server-everything'),
    fs: npmServer('@modelcontextprotocol/server-filesystem', [process.cwd()]),
    thinking: npmServer('@modelcontextprotocol/server-sequential-thinking'),
    context7: npmServer('@upstash/context7-mcp'),
    eslint: npmServer('@eslint/mcp'),
  });
  const client = await stand.connect('auto');
  const { tools } = await client.listTools();
  expect(stand.proxy.state().servers.map(({ name, health }) => [name, health])).toEqual([
    ['context7', 'up'],
    ['eslint', 'up'],
    ['everything', 'up'],
    ['fs', 'up'],
    ['thinking', 'up'],
  ]);
  expect(tools.length).toBe(stand.proxy.state().served);
  const sum = await client.callTool({ name: 'get-sum', arguments: { a: 2, b: 3 } });
  expect(JSON.stringify(sum.content)).toContain('5');
  const listed = await client.callTool({
    name: 'list_directory',
    arguments: { path: process.cwd() },
  });
  expect(JSON.stringify(listed.content)).toContain('package.json');
}, 60_000);
