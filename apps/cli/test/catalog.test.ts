import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commands } from '../src/commands/index.js';
import { documentSchema } from '../src/command-schema.js';
import { createSandbox, type Finished, type RunOptions, type Sandbox } from './sandbox.js';

const published = fileURLToPath(
  new URL('../../../packages/catalog-diff/test/fixtures/published/', import.meta.url),
);
const oddServer = fileURLToPath(
  new URL('../../../packages/mcp-client/test/servers/odd-server.mjs', import.meta.url),
);
const old = join(published, 'server-memory@2025.8.4.json');
const recent = join(published, 'server-memory@2025.9.25.json');

let sandbox: Sandbox;
let state: string;
let home: string;
beforeEach(async () => {
  sandbox = await createSandbox();
  state = sandbox.path('state');
  home = sandbox.path('home');
  await mkdir(home);
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const holdfast = (args: readonly string[], options: RunOptions = {}): Promise<Finished> =>
  sandbox.holdfast(['catalog', ...args], {
    cwd: sandbox.folder,
    ...options,
    environment: {
      HOME: home,
      HOLDFAST_STATE_HOME: state,
      HOLDFAST_CONFIG_HOME: sandbox.path('config-home'),
      ...options.environment,
    },
  });
const document = async (
  args: readonly string[],
  options: RunOptions = {},
): Promise<Record<string, unknown>> => {
  const { stdout, exitCode } = await holdfast([...args, '--json'], options);
  const printed = JSON.parse(stdout) as Record<string, unknown>;
  // What agents are told of a document is what is in it, no more and no less.
  const command = commands.find(({ name }) => name === `catalog ${args[0]}`)!;
  if (printed['error'] === undefined)
    expect((await documentSchema(command))!.parse(printed)).toEqual(printed);
  return { ...printed, seen: exitCode };
};

/** A file of servers, each in one of the odd server's modes. */
async function servers(modes: Record<string, string>): Promise<string> {
  const entries = Object.entries(modes).map(([name, mode]) => [
    name,
    mode === 'gone'
      ? { command: 'no-such-program-here' }
      : {
          command: process.execPath,
          args: [oddServer, mode],
          env: { API_TOKEN: 'hunter2-hunter2' },
        },
  ]);
  await sandbox.write({
    'servers.json': JSON.stringify({ mcpServers: Object.fromEntries(entries) }),
  });
  return 'servers.json';
}

describe('diff', () => {
  test('two published versions: the first line says whether an agent breaks, and on which call', async () => {
    const { exitCode, stdout } = await holdfast(['diff', old, recent]);
    expect(exitCode).toBe(1);
    expect(stdout.split('\n')[0]).toBe(
      'Breaks: 9 of 9 tools. For example add_observations({"observations":[],"extra":0}) was accepted and is refused now.',
    );
  });

  test('the JSON that programs rely on', async () => {
    const printed = await document(['diff', old, recent]);
    expect(printed).toMatchObject({
      holdfast: 1,
      command: 'catalog diff',
      exitCode: 1,
      summary: { breaking: 9, warnings: 0, info: 0, unknown: 0, added: 0, removed: 0, renamed: 0 },
    });
    const tools = printed['tools'] as { name: string }[];
    expect(tools).toHaveLength(9);
    expect(tools.find(({ name }) => name === 'read_graph')).toEqual({
      name: 'read_graph',
      change: 'changed',
      input: {
        verdict: 'breaking',
        changes: [
          {
            rule: 'additionalProperties.closed',
            severity: 'breaking',
            path: '/additionalProperties',
            message: 'properties that are not listed are refused now',
            witness: { extra: 0 },
          },
        ],
      },
    });
  });

  test.each([
    [[recent, old, '--fail-on', 'breaking'], 0],
    [[recent, old, '--fail-on', 'warning'], 0],
    [[recent, old], 1],
    [[old, old], 0],
    [[old, recent, '--fail-on', 'breaking'], 1],
  ])('%j', async (args, code) => {
    expect((await holdfast(['diff', ...args])).exitCode).toBe(code);
  });

  test.each(['json', 'markdown', 'sarif'])('as %s', async (format) => {
    const { stdout } = await holdfast(['diff', old, recent, '--format', format]);
    if (format === 'markdown') expect(stdout).toContain('| tool | | what | example |');
    else
      expect(JSON.parse(stdout)).toMatchObject(
        format === 'sarif' ? { version: '2.1.0' } : { summary: { breaking: 9 } },
      );
  });

  test.each<[string, string | Uint8Array, RegExp]>([
    ['no catalog', '{"a": 1}', /expected a tool catalog, got an object with "a"/],
    ['half a file', '{"tools": [', /bad\.json: no JSON: 1:\d+/],
    ['not UTF-8', Uint8Array.of(0x7b, 0xff), /not UTF-8/],
    [
      'a newer version',
      '{"kind": "live-catalog", "schemaVersion": 2, "tools": []}',
      /newer version/,
    ],
  ])('%s is the user’s to correct', async (_title, content, message) => {
    await writeFile(sandbox.path('bad.json'), content);
    const { exitCode, stderr } = await holdfast(['diff', old, 'bad.json']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('a file that is not there, one file alone, and no state', async () => {
    expect((await holdfast(['diff', old, 'gone.json'])).exitCode).toBe(2);
    expect((await holdfast(['diff', old])).stderr).toContain('expected two catalogs');
    expect((await holdfast(['diff'])).stderr).toContain('run holdfast catalog render');
  });
});

test('one bad tool, and one that nests deep, never lose the rest, and are told', async () => {
  let deep = '{"type":"string"}';
  for (let level = 0; level < 1000; level++) deep = `{"type":"object","properties":{"a":${deep}}}`;
  const tools = (more: string): string =>
    `{"tools":[{"name":"ok","inputSchema":{"type":"object"${more}}},{"name":"deep","inputSchema":${deep}},{"name":"ok","inputSchema":{}},7]}`;
  await sandbox.write({
    'a.json': tools(''),
    'b.json': tools(',"required":["x"]').replace('"string"', '"number"'),
  });
  const printed = await document(['diff', 'a.json', 'b.json']);
  expect(printed).toMatchObject({
    summary: { breaking: 1, unknown: 1 },
    problems: [
      { path: 'a.json', pointer: '/tools/2', ruleId: 'catalog.duplicate-tool' },
      { path: 'a.json', pointer: '/tools/3', ruleId: 'catalog.tool-unreadable' },
      { path: 'b.json' },
      { path: 'b.json' },
    ],
  });
  const { stdout } = await holdfast(['diff', 'a.json', 'b.json']);
  expect(stdout).toContain('not compared: a.json#/tools/2: ok stands there twice');
});

test('--format json is --json, whatever it comes to', async () => {
  for (const words of [
    ['diff', old, recent],
    ['diff', 'gone.json', recent],
    ['diff', '--transitive', recent],
  ]) {
    const [one, other] = [
      await holdfast([...words, '--format', 'json']),
      await holdfast([...words, '--json']),
    ];
    expect(one.stdout).toBe(other.stdout);
    expect(one.exitCode).toBe(other.exitCode);
    expect(JSON.parse(one.stdout)).toMatchObject({ holdfast: 1, command: 'catalog diff' });
  }
  const refused = await holdfast(['diff', '--transitive', recent, '--format', 'sarif']);
  expect(refused.exitCode).toBe(2);
});

test('a key that stands twice in a compared file is told', async () => {
  await sandbox.write({
    'a.json': '{"tools": [{"name": "t", "inputSchema": {"type": "object", "type": "string"}}]}',
    'b.json': '{"tools": []}',
    'old.json': '{"type": "string",\n "type": "number"}',
    'new.json': '{}',
  });
  const { stdout } = await holdfast(['diff', 'a.json', 'b.json']);
  expect(stdout).toContain('a.json:1:');
  expect(stdout).toContain('the key "type" stands here twice; the last one counts');
  expect(await document(['diff', 'a.json', 'b.json'])).toMatchObject({
    problems: [{ path: 'a.json', ruleId: 'catalog.duplicate-key' }],
  });
  const words = ['schema-diff', 'old.json', 'new.json', '--direction', 'input'];
  expect((await holdfast(words)).stdout).toContain(
    'old.json:2:2: the key "type" stands here twice',
  );
  expect(await document(words)).toMatchObject({ problems: [{ path: 'old.json' }] });
});

test('schema-diff prints the verdict and the changes', async () => {
  await sandbox.write({
    'old.json': '{"type": ["string", "number"]}',
    'new.json': '{"type": "string"}',
  });
  expect(await document(['schema-diff', 'old.json', 'new.json', '--direction', 'input'])).toEqual({
    holdfast: 1,
    command: 'catalog schema-diff',
    exitCode: 1,
    seen: 1,
    verdict: 'breaking',
    changes: [
      {
        rule: 'type.narrowed',
        severity: 'breaking',
        path: '/type',
        message: 'type narrowed from string or number to string',
        witness: 0,
      },
    ],
  });
  const { exitCode, stdout } = await holdfast([
    'schema-diff',
    'old.json',
    'new.json',
    '--direction',
    'output',
  ]);
  expect([exitCode, stdout.split('\n')[0]]).toEqual([
    0,
    'Compatible: nothing comes that could not come before.',
  ]);
  expect((await holdfast(['schema-diff', 'old.json', 'new.json'])).exitCode).toBe(2);
});

describe('from the servers to what is intended', () => {
  test('capture keeps what came, says what did not, and keeps no secret', async () => {
    const file = await servers({ good: 'keys', bad: 'bad', gone: 'gone' });
    const printed = await document(['capture', '--servers', file]);
    expect(printed).toMatchObject({
      seen: 3,
      servers: [
        { name: 'bad', health: 'up', tools: 4 },
        { name: 'gone', health: 'failed', tools: 0 },
        { name: 'good', health: 'up', tools: 2 },
      ],
    });
    const text = await readFile(join(state, 'live_descriptors.json'), 'utf8');
    expect(text).not.toContain('hunter2');
    expect(text).toContain('unknownKey');
  });

  test('a server that is down keeps the tools that it had', async () => {
    await holdfast(['capture', '--servers', await servers({ s: 'keys' })]);
    const printed = await document(['capture', '--servers', await servers({ s: 'gone' })]);
    expect(printed).toMatchObject({
      seen: 3,
      servers: [{ name: 's', health: 'failed', tools: 2 }],
    });
  });

  test('render, in the order of the sources, and why', async () => {
    await holdfast(['capture', '--servers', await servers({ s: 'changed', t: 'keys' })]);
    const override = (description: string) =>
      JSON.stringify({ schemaVersion: 2, servers: { s: { tools: { a: { description } } } } });
    await sandbox.write({
      'config/tool_overrides.json': override('tracked'),
      'config/tool_aggregations.json': JSON.stringify({
        schemaVersion: 1,
        hiddenTools: [{ server: 's', tool: 'b', reason: 'slow' }],
      }),
      'config-home/catalog/one.json': override('config home'),
      'config-home/bundles/x/catalog.json': JSON.stringify({
        overrides: JSON.parse(override('bundle')) as object,
      }),
      'config-home/tool_overrides.local.json': override('local'),
    });
    const rendered = await holdfast(['render', '--verify']);
    expect(rendered.stdout).toContain('3 tools, 1 hidden, 0 disabled');
    const list = await document(['list']);
    expect(
      (list['tools'] as { server: string; name: string; description?: string }[]).map(
        ({ server, name, description = '' }) => `${server}/${name} ${description}`,
      ),
    ).toEqual(['s/s__a local', 't/__proto__ ', 't/t__a ']);
    const why = await document(['why', 's/a']);
    expect(
      (why['tools'] as { origins: { origin: string }[] }[])[0]!.origins.map(({ origin }) =>
        origin.slice(sandbox.folder.length + 1),
      ),
    ).toEqual([
      'config/tool_overrides.json',
      'config-home/catalog/one.json',
      'config-home/bundles/x/catalog.json',
      'config-home/tool_overrides.local.json',
    ]);
    const before = await readFile(join(state, 'intended_catalog.json'), 'utf8');
    expect((await holdfast(['render'])).stdout).toContain('Unchanged');
    expect(await readFile(join(state, 'intended_catalog.json'), 'utf8')).toBe(before);
  });

  test('render refuses missing and old descriptors, unless told', async () => {
    expect((await holdfast(['render'])).stderr).toContain('no live descriptors');
    await holdfast(['capture', '--servers', await servers({ s: 'keys' })], {
      now: '2026-01-01T00:00:00Z',
    });
    const late = { now: '2026-01-03T00:00:00Z' };
    expect(await holdfast(['render'], late)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('48 hours old') as string,
    });
    expect((await holdfast(['render', '--allow-stale-descriptors'], late)).exitCode).toBe(0);
    expect(
      (
        await holdfast(['render'], {
          ...late,
          environment: { STELAE_ALLOW_STALE_DESCRIPTORS: '1' },
        })
      ).exitCode,
    ).toBe(0);
  });

  test('a bad source is told, and nothing is written', async () => {
    await holdfast(['capture', '--servers', await servers({ s: 'keys' })]);
    await sandbox.write({
      'config/tool_overrides.json': '{"schemaVersion": 2, "servers": {"s": {"enabled": "no"}}}',
    });
    const { exitCode, stdout } = await holdfast(['render']);
    expect([exitCode, readdirSync(state).includes('intended_catalog.json')]).toEqual([1, false]);
    expect(stdout).toContain('/servers/s/enabled');
  });
});

describe('what is served', () => {
  const live = (tools: object[], more: object = {}) =>
    JSON.stringify({
      schemaVersion: 1,
      kind: 'live-catalog',
      writtenAt: '2026-01-01T00:00:00Z',
      servers: [{ name: 's', health: 'up' }],
      tools,
      ...more,
    });
  const tool = (name: string) => ({
    server: 's',
    name,
    inputSchema: { type: 'object' },
    source: { server: 's', tool: name },
  });

  test('is compared with what is intended, logged, and explained', async () => {
    await holdfast(['capture', '--servers', await servers({ s: 'changed' })]);
    await holdfast(['render']);
    await writeFile(
      join(state, 'live_catalog.json'),
      live([tool('a')], { servers: [{ name: 's', health: 'timeout' }] }),
    );
    const printed = await document(['diff', '--live']);
    expect(printed).toMatchObject({
      seen: 1,
      summary: { removed: 1 },
      tools: [
        { name: 'a', change: 'same' },
        { name: 'b', change: 'removed', cause: { kind: 'health' } },
      ],
    });
    const log = await readFile(join(state, 'live_catalog_drift.log'), 'utf8');
    expect(JSON.parse(log)).toMatchObject({
      summary: { removed: 1 },
      gaps: [{ tool: 'b', cause: 'the server s did not answer in time' }],
    });
    expect((await holdfast(['list', '--diff-catalogs'])).stdout).toContain(
      'because the server s did not answer in time',
    );
    expect((await holdfast(['list', '--live-catalog'])).stdout).toContain('1 tool');
  });

  test('verify fails on a gap, keeps the difference, and lets a known one pass aloud', async () => {
    await holdfast(['capture', '--servers', await servers({ s: 'changed' })]);
    await holdfast(['render']);
    expect((await holdfast(['verify', '--servers', 'servers.json'])).exitCode).toBe(0);
    const broken = await servers({ s: 'gone' });
    const failed = await holdfast(['verify', '--servers', broken]);
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toContain('parity    2 gaps');
    expect(readdirSync(sandbox.path('catalog-diffs'))).toHaveLength(1);
    const passed = await holdfast(['verify', '--servers', broken], {
      environment: { HOLDFAST_ALLOW_LIVE_DRIFT: '1' },
    });
    expect([passed.exitCode, /allowed by HOLDFAST_ALLOW_LIVE_DRIFT/.test(passed.stdout)]).toEqual([
      0,
      true,
    ]);
  });

  test('the phases follow the switches, under both names', async () => {
    expect(await document(['status', '--phase'])).toMatchObject({ phase: 0, holds: false });
    const one = { environment: { STELAE_EMIT_LIVE_CATALOG: '1' } };
    await holdfast(['capture', '--servers', await servers({ s: 'changed' })]);
    await holdfast(['render']);
    expect(await document(['status', '--phase'], one)).toMatchObject({ phase: 1, holds: false });
    await writeFile(join(state, 'live_catalog.json'), live([tool('a'), tool('b')]));
    for (let turn = 0; turn < 2; turn++) await holdfast(['verify']);
    expect(await document(['status', '--phase'], one)).toMatchObject({ phase: 1, holds: true });
    expect(
      await document(['status', '--phase'], {
        environment: { HOLDFAST_USE_INTENDED_CATALOG: '1' },
      }),
    ).toMatchObject({ phase: 2, holds: false });
    const unfit = await document(['status', '--phase'], {
      environment: { STELAE_USE_INTENDED_CATALOG: '1' },
    });
    expect(unfit).toMatchObject({ phase: 2, holds: false });
    expect(unfit['reason']).toContain('HOLDFAST_EMIT_LIVE_CATALOG=1');
  });

  test('a phase that is set gives the switches their defaults, and may be rolled back', async () => {
    const phase = async (environment: Record<string, string>) =>
      document(['status', '--phase'], { environment });
    expect(await phase({ HOLDFAST_CATALOG_PHASE: '2', CI: '' })).toMatchObject({
      phase: 2,
      switches: { emitLive: true, useIntended: false },
    });
    expect(await phase({ STELAE_CATALOG_PHASE: '2', CI: 'true' })).toMatchObject({
      phase: 2,
      switches: { emitLive: true, useIntended: true },
    });
    expect(await phase({ HOLDFAST_CATALOG_PHASE: '3' })).toMatchObject({
      phase: 3,
      name: 'default flip',
      holds: false,
      switches: { emitLive: true, useIntended: true },
    });
    expect(
      await phase({ HOLDFAST_CATALOG_PHASE: '3', HOLDFAST_USE_INTENDED_CATALOG: '0' }),
    ).toMatchObject({ phase: 1, switches: { useIntended: false } });
    await holdfast(['capture', '--servers', await servers({ s: 'changed' })]);
    await holdfast(['verify']);
    const last = { HOLDFAST_CATALOG_PHASE: '4', HOLDFAST_USE_INTENDED_CATALOG: '0' };
    expect(await phase(last)).toMatchObject({
      phase: 4,
      holds: true,
      switches: { useIntended: true },
    });
    await writeFile(join(state, 'tool_overrides.json'), '{}');
    expect(await phase(last)).toMatchObject({ phase: 4, holds: false });
    const wrong = await holdfast(['status'], { environment: { HOLDFAST_CATALOG_PHASE: '5' } });
    expect(wrong.exitCode).toBe(2);
  });

  test('the history of a tool has the present capture, whatever is retained', async () => {
    const none = { environment: { HOLDFAST_DESCRIPTOR_HISTORY_COUNT: '0' } };
    await holdfast(['capture', '--servers', await servers({ s: 'changed' })], none);
    const { tools } = JSON.parse(await readFile(join(state, 'live_descriptors.json'), 'utf8'))
      .servers[0] as { tools: { name: string }[] };
    expect(await document(['history', tools[0]!.name])).toMatchObject({
      captures: [{ path: join(state, 'live_descriptors.json'), isThere: true }],
    });
  });

  test('the oldest retained catalog that breaks', async () => {
    const files = Object.fromEntries(
      ['20260101-000000', '20260102-000000'].map((stamp, at) => [
        `state/live_catalog.${stamp}.json`,
        live(at === 0 ? [tool('a'), tool('gone')] : [tool('a')]),
      ]),
    );
    await sandbox.write({ ...files, 'now.json': live([tool('a')]) });
    const printed = await document(['diff', '--transitive', 'now.json']);
    expect(printed).toMatchObject({
      seen: 1,
      oldestBroken: join(state, 'live_catalog.20260101-000000.json'),
    });
  });
});

test('status, approve, retry, history and prune', async () => {
  const file = await servers({ s: 'changed' });
  await holdfast(['capture', '--servers', file]);
  await holdfast(['render']);
  expect(((await document(['status', '--pending-only']))['tools'] as object[]).length).toBe(2);
  expect((await holdfast(['approve', 's/a'])).stdout).toBe(
    's/a is validated now; the next render goes by it.\n',
  );
  expect((await holdfast(['approve', 'b'])).exitCode).toBe(0);
  expect((await holdfast(['approve', 'nothing'])).exitCode).toBe(2);
  expect((await holdfast(['status', '--pending-only'])).stdout).toBe(
    'No schema is pending or failed.\n',
  );
  for (let turn = 0; turn < 10; turn++) await holdfast(['render']);
  expect((await document(['status']))['settled']).toBe(2);
  expect((await holdfast(['history', 'a'])).stdout).toContain('is there');
  expect((await holdfast(['history', 'nothing'])).exitCode).toBe(2);
  expect((await holdfast(['prune'])).stdout).toMatch(/^Removed 0 files/);
});

test('discover finds the servers of clients, never their secrets, and forgets', async () => {
  await sandbox.write({
    '.mcp.json': JSON.stringify({
      mcpServers: {
        here: {
          command: 'npx',
          args: ['-y', 'x', '--token', 'hunter2-hunter2'],
          env: { API_TOKEN: 'hunter2-hunter2' },
        },
      },
    }),
    'home/.cursor/mcp.json': JSON.stringify({
      mcpServers: {
        web: {
          url: 'https://me:hunter2-hunter2@example.com/mcp?key=hunter2-hunter2',
          headers: { Authorization: 'hunter2-hunter2' },
        },
      },
    }),
  });
  const printed = await document(['discover']);
  expect(printed).toMatchObject({
    servers: [
      {
        name: 'here',
        client: 'claude-code',
        command: 'npx',
        args: ['-y', 'x', '--token', '***'],
        secrets: ['API_TOKEN'],
      },
      {
        name: 'web',
        client: 'cursor',
        url: 'https://example.com/mcp?***',
        secrets: ['Authorization'],
      },
    ],
  });
  expect(await readFile(join(state, 'discovered_servers.json'), 'utf8')).not.toContain('hunter2');
  await holdfast(['discover', '--reset']);
  expect(readdirSync(state)).not.toContain('discovered_servers.json');
});
