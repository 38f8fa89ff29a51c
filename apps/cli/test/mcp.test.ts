import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, test } from 'vitest';
import { commands } from '../src/commands/index.js';
import { cutDocument } from '../src/mcp/cut-document.js';
import { createSandbox } from './sandbox.js';
import type { Sandbox } from './sandbox.js';

const bin = new URL('../bin/holdfast.js', import.meta.url).pathname;

/** What the connected person answers when asked. */
interface Person {
  readonly answer: 'yes' | 'no' | 'cannot be asked';
  readonly asked: string[];
}

interface Connected extends AsyncDisposable {
  readonly client: Client;
}

/** A source with one release and one target. */
async function createFleet(): Promise<Sandbox> {
  const sandbox = await createSandbox();
  await sandbox.repository('web.git');
  await sandbox.repository('source', {
    'holdfast.yaml':
      'version: 1\nsource: { name: acme/standards }\ntargets:\n  org/web: { url: ../web.git }\n',
    'rules/docs.yaml':
      'sync_rule:\n  id: docs\n  source: "docs/**"\n  target_repo: org/web\n  target_path: "docs/standards/"\n  strategy: copy\n  frequency: on_release\n',
    'docs/guide.md': '# Guide\n',
  });
  await sandbox.git(sandbox.path('source'), 'checkout', '--quiet', '--force', 'main');
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.0.0');
  return sandbox;
}

async function connect(
  sandbox: Sandbox,
  era: 'legacy' | 'auto',
  { person, args = [] }: { readonly person?: Person; readonly args?: readonly string[] } = {},
): Promise<Connected> {
  const asks = person && person.answer !== 'cannot be asked';
  const client = new Client(
    { name: 'test', version: '1.0.0' },
    {
      capabilities: asks ? { elicitation: { form: {} } } : {},
      versionNegotiation: { mode: era },
    },
  );
  if (asks) {
    client.setRequestHandler('elicitation/create', (request) => {
      person.asked.push(request.params.message);
      return Promise.resolve({ action: 'accept', content: { confirm: person.answer === 'yes' } });
    });
  }
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [bin, 'mcp', ...args],
    cwd: sandbox.path('source'),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: sandbox.folder,
      GIT_CONFIG_GLOBAL: '/dev/null',
      HOLDFAST_STATE_DIR: sandbox.path('state'),
      HOLDFAST_CACHE_DIR: sandbox.path('cache'),
    },
  });
  await client.connect(transport);
  return { client, [Symbol.asyncDispose]: () => client.close() };
}

interface Answer {
  readonly isError?: boolean;
  readonly structuredContent?: Record<string, unknown>;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
}

async function call(client: Client, name: string, input: object = {}): Promise<Answer> {
  return (await client.callTool({ name, arguments: { ...input } })) as Answer;
}

function textOf({ content }: Answer): string {
  return content.map(({ text }) => text ?? '').join('\n');
}

describe.each(['legacy', 'auto'] as const)('holdfast mcp, negotiated as %s', (era) => {
  test('every command is a tool that says what it does to the world', async () => {
    await using sandbox = await createFleet();
    await using connected = await connect(sandbox, era);
    const { tools } = await connected.client.listTools();
    const offered = commands.filter(({ tool }) => tool !== false);
    expect(tools.map(({ name }) => name)).toEqual(
      offered.map(({ name }) => name.replaceAll(/[ -]/g, '_')),
    );
    for (const { name, effects } of offered) {
      const tool = tools.find(({ title }) => title === `holdfast ${name}`);
      expect(tool?.annotations?.readOnlyHint).toBe(effects.readOnly);
      expect(tool?.inputSchema.type).toBe('object');
    }
  });

  test('an answer is the document of --json', async () => {
    await using sandbox = await createFleet();
    await using connected = await connect(sandbox, era);
    const { structuredContent } = await call(connected.client, 'drift');
    const { stdout } = await sandbox.holdfast(['drift', '--json']);
    expect(structuredContent).toEqual(JSON.parse(stdout));
  });

  test('a plan is applied by its digest, and exactly that plan', async () => {
    await using sandbox = await createFleet();
    await using connected = await connect(sandbox, era);
    const { client } = connected;
    const planned = await call(client, 'plan');
    const digest = planned.structuredContent?.['digest'];
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    const { contents } = await client.readResource({ uri: `holdfast://plans/${String(digest)}` });
    expect(JSON.stringify(contents)).toContain('org/web');
    const synced = await call(client, 'sync', { digest });
    expect(synced.structuredContent).toMatchObject({
      exitCode: 0,
      items: [{ applied: { outcome: 'opened', request: { number: 1 } } }],
    });

    await sandbox.commit('source', 'Change', { 'docs/guide.md': '# Other\n' });
    await sandbox.git(sandbox.path('source'), 'tag', '-f', 'v1.0.0');
    expect((await call(client, 'sync', { digest })).structuredContent).toMatchObject({
      exitCode: 1,
      outcome: 'refused',
    });
    expect(await call(client, 'sync', { digest: '0'.repeat(64) })).toMatchObject({ isError: true });
  });

  test('without a plan a person is asked, and their no is a no', async () => {
    await using sandbox = await createFleet();
    const no: Person = { answer: 'no', asked: [] };
    {
      await using connected = await connect(sandbox, era, { person: no });
      const refused = await call(connected.client, 'sync');
      expect(refused.isError).toBe(true);
      expect(textOf(refused)).toContain('said no to: holdfast sync');
    }
    expect(no.asked).toHaveLength(1);
    expect(await sandbox.refs('web.git')).not.toContain('holdfast-sync');
    const yes: Person = { answer: 'yes', asked: [] };
    await using connected = await connect(sandbox, era, { person: yes });
    const synced = await call(connected.client, 'sync', { target: ['org/web'] });
    expect(synced.structuredContent).toMatchObject({ exitCode: 0 });
    expect(yes.asked).toEqual(
      ['Run holdfast sync --target org/web? ' + describeLoss('sync')].map((text) => text.trim()),
    );
  });

  test('where nobody can be asked, nothing is written', async () => {
    await using sandbox = await createFleet();
    await using connected = await connect(sandbox, era);
    const refused = await call(connected.client, 'sync');
    expect(refused.isError).toBe(true);
    expect(textOf(refused)).toContain('call plan first');
    const set = await call(connected.client, 'state_set', { key: 'a', value: 'b' });
    expect(set.isError).toBe(true);
    expect(textOf(set)).toContain('holdfast state set a b');
    expect(await sandbox.refs('web.git')).not.toContain('holdfast-sync');
  });

  test('an agent with these tools alone goes round the loop of a catalogue', async () => {
    await using sandbox = await createSandbox();
    const model = (type: string) =>
      `{ "name": "loan", "fields": [{ "name": "amount", "type": "${type}", "required": true }] }\n`;
    await sandbox.repository('catalogue.git', { 'models/loan/loan.json': model('number') });
    await sandbox.repository('source', { 'README.md': '# Here\n' });
    const person: Person = { answer: 'yes', asked: [] };
    await using connected = await connect(sandbox, era, { person });
    const { client } = connected;
    await client.listTools();
    const repo = '../catalogue.git';
    await call(client, 'init_catalogue', { name: 'cat', repo, root: 'cat' });
    const pulled = await call(client, 'pull');
    expect(pulled.structuredContent).toMatchObject({ catalogues: [{ outcome: 'pulled' }] });
    const [{ path }] = (pulled.structuredContent as { catalogues: [{ files: [{ path: string }] }] })
      .catalogues[0].files;
    await writeFile(sandbox.path(`source/cat/${path}`), model('integer'));
    expect((await call(client, 'drift')).structuredContent).toMatchObject({ exitCode: 1 });
    expect((await call(client, 'validate', { paths: ['cat'] })).structuredContent).toMatchObject({
      blocked: false,
    });
    expect((await call(client, 'semantic_diff')).structuredContent).toMatchObject({
      verdict: 'breaking',
    });
    expect((await call(client, 'push')).structuredContent).toMatchObject({
      outcome: 'opened',
      request: { number: 1 },
    });
    expect(person.asked.at(-1)).toBe('Run holdfast push?');
    await sandbox.git(
      sandbox.path('catalogue.git'),
      ...['update-ref', 'refs/heads/main', 'refs/heads/holdfast-push/cat'],
    );
    expect((await call(client, 'pull')).structuredContent).toMatchObject({ exitCode: 0 });
    expect((await call(client, 'drift')).structuredContent).toMatchObject({ exitCode: 0 });
  });

  test('--read-only and --allow offer what they say', async () => {
    await using sandbox = await createFleet();
    {
      await using connected = await connect(sandbox, era, { args: ['--read-only'] });
      const { tools } = await connected.client.listTools();
      expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
      expect(tools.map(({ name }) => name)).not.toContain('sync');
    }
    await using connected = await connect(sandbox, era, {
      args: ['--allow', 'status', '--allow', 'requests list'],
    });
    const { tools } = await connected.client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(['requests_list', 'status']);
  });

  test('configuration, rules and manifests can be read, and what is asked in a word', async () => {
    await using sandbox = await createFleet();
    await using connected = await connect(sandbox, era);
    const { client } = connected;
    const { contents: configuration } = await client.readResource({
      uri: 'holdfast://configuration',
    });
    expect(JSON.stringify(configuration)).toContain('acme/standards');
    const { contents: rules } = await client.readResource({ uri: 'holdfast://rules' });
    expect(JSON.stringify(rules)).toContain('target_path');
    await expect(
      client.readResource({ uri: 'holdfast://manifests/org%2Fweb/docs' }),
    ).rejects.toThrow(/not found/i);
    await sandbox.holdfast(['sync']);
    await sandbox.holdfast(['requests', 'merge', 'org/web']);
    const { contents } = await client.readResource({ uri: 'holdfast://manifests/org%2Fweb/docs' });
    expect(JSON.stringify(contents)).toContain('source_commit');
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(['explain_drift', 'resolve_conflict']);
    const prompt = await client.getPrompt({
      name: 'resolve_conflict',
      arguments: { target: 'org/web' },
    });
    expect(JSON.stringify(prompt.messages)).toContain('org/web');
  });

  test('wrong input is told, and the server lives on', async () => {
    await using sandbox = await createFleet();
    await using connected = await connect(sandbox, era);
    const { client } = connected;
    const unknown = await client
      .callTool({ name: 'status', arguments: { rulez: ['x'] } })
      .catch((error: Error) => ({ isError: true, text: error.message }));
    expect(JSON.stringify(unknown)).toMatch(/rulez/);
    const rule = await call(client, 'status', { rules: ['nowhere'] });
    expect(rule).toMatchObject({
      isError: true,
      structuredContent: { exitCode: 2, error: { code: 'unknown-rule' } },
    });
    expect((await call(client, 'status')).structuredContent).toMatchObject({ exitCode: 0 });
  });
});

function describeLoss(name: string): string {
  const command = commands.find((one) => one.name === name);
  const destructive = command?.effects.readOnly === false && command.effects.destructive;
  return destructive ? 'It can take away or overwrite what is there.' : '';
}

test('over HTTP it answers to its token, on loopback, and to no page of another host', async () => {
  await using sandbox = await createFleet();
  const child = spawn(process.execPath, [bin, 'mcp', '--http', '--read-only'], {
    cwd: sandbox.path('source'),
    env: { PATH: process.env['PATH'], HOME: sandbox.folder, HOLDFAST_MCP_TOKEN: 'secret' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const url = await new Promise<string>((resolve) =>
      createInterface({ input: child.stderr }).on('line', (line) => {
        const found = /^MCP server: (\S+)$/.exec(line)?.[1];
        if (found) resolve(found);
      }),
    );
    const post = (headers: Record<string, string>) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      });
    expect((await post({})).status).toBe(401);
    expect((await post({ authorization: 'Bearer wrong' })).status).toBe(401);
    const evil = { authorization: 'Bearer secret', origin: 'https://evil.example' };
    expect((await post(evil)).status).toBe(403);
    for (const mode of ['legacy', 'auto'] as const) {
      const client = new Client(
        { name: 'test', version: '1.0.0' },
        { versionNegotiation: { mode } },
      );
      await client.connect(
        new StreamableHTTPClientTransport(new URL(url), {
          requestInit: { headers: { authorization: 'Bearer secret' } },
        }),
      );
      expect((await call(client, 'status')).structuredContent).toMatchObject({ exitCode: 0 });
      await client.close();
    }
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
});

describe('mcp install', () => {
  const install = (sandbox: Sandbox, ...args: string[]) =>
    promisify(execFile)(process.execPath, [bin, 'mcp', 'install', ...args], {
      cwd: sandbox.folder,
      env: { PATH: process.env['PATH'], HOME: sandbox.folder },
    }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        stdout: `${error.stdout}${error.stderr}`,
      }),
    );

  test('shows the entry and writes nothing unless it is told to', async () => {
    await using sandbox = await createSandbox();
    const shown = await install(sandbox, 'vscode');
    expect(shown.code).toBe(1);
    expect(shown.stdout).toContain('"command": "holdfast"');
    await expect(readFile(sandbox.path('.vscode/mcp.json'))).rejects.toThrow();
  });

  test('writes beside what is there, once', async () => {
    await using sandbox = await createSandbox();
    await writeFile(
      sandbox.path('.mcp.json'),
      '{\n    "mcpServers": { "other": { "command": "x" } }\n}\n',
    );
    expect((await install(sandbox, 'claude-code', '--yes')).code).toBe(0);
    const text = await readFile(sandbox.path('.mcp.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({
      mcpServers: {
        other: { command: 'x' },
        holdfast: { command: 'holdfast', args: ['mcp'] },
      },
    });
    expect((await install(sandbox, 'claude-code', '--yes')).stdout).toContain('already');
    expect(await readFile(sandbox.path('.mcp.json'), 'utf8')).toBe(text);
  });

  test('adds a table to TOML, and leaves another one of this name alone', async () => {
    await using sandbox = await createSandbox();
    await sandbox.write({ '.codex/config.toml': 'model = "x"' });
    expect((await install(sandbox, 'codex', '--yes', '--read-only')).code).toBe(0);
    const file = sandbox.path('.codex/config.toml');
    expect(await readFile(file, 'utf8')).toBe(
      'model = "x"\n\n[mcp_servers.holdfast]\ncommand = "holdfast"\nargs = ["mcp","--read-only"]\n',
    );
    expect((await install(sandbox, 'codex', '--yes')).code).toBe(2);
  });

  test('refuses a file that is no JSON, and keeps it', async () => {
    await using sandbox = await createSandbox();
    await writeFile(sandbox.path('.mcp.json'), '{ // mine\n}');
    expect((await install(sandbox, 'claude-code', '--yes')).code).toBe(2);
    expect(await readFile(sandbox.path('.mcp.json'), 'utf8')).toBe('{ // mine\n}');
  });
});

test('a long document is cut at its lists, and keeps its shape', () => {
  const items = Array.from({ length: 1000 }, (_, i) => ({ path: `docs/file-${i}.md`, n: [1, 2] }));
  const { document, cuts } = cutDocument({ holdfast: 1, items }, 5_000);
  expect(JSON.stringify(document).length).toBeLessThanOrEqual(5_000);
  const [cut] = cuts;
  expect(cut).toMatchObject({ path: '/items', of: 1000 });
  expect((document as { items: unknown[] }).items).toEqual(items.slice(0, cut?.shown));
  expect(cutDocument({ a: [1] }, 100)).toEqual({ document: { a: [1] }, cuts: [] });
});

test('the skill for agents is valid, and distributed by Holdfast itself', async () => {
  const folder = new URL('../skills/', import.meta.url);
  const skill = await readFile(new URL('holdfast/SKILL.md', folder), 'utf8');
  const [, name, description = ''] = /^---\nname: (\S+)\ndescription: (.*)\n/.exec(skill) ?? [];
  expect(name).toBe('holdfast');
  expect(description.length).toBeLessThanOrEqual(1024);
  await using sandbox = await createSandbox();
  await sandbox.repository('web.git');
  const rules = await readFile(new URL('rules.yaml', folder), 'utf8');
  const configuration = await readFile(new URL('holdfast.yaml', folder), 'utf8');
  await sandbox.repository('source', {
    'apps/cli/skills/holdfast/SKILL.md': skill,
    'apps/cli/skills/rules.yaml': rules,
    'apps/cli/skills/holdfast.yaml': configuration.replace(
      'targets: {}',
      'targets:\n  org/web: { url: ../../../../web.git }',
    ),
  });
  await sandbox.git(sandbox.path('source'), 'checkout', '--quiet', '--force', 'main');
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.0.0');
  const cwd = sandbox.path('source/apps/cli/skills');
  const synced = await sandbox.holdfast(['sync', 'agent-skill'], { cwd });
  expect(synced).toMatchObject({ exitCode: 0, stderr: '' });
  await sandbox.holdfast(['requests', 'merge', 'org/web'], { cwd });
  expect(await sandbox.show('web.git', 'main', '.agents/skills/holdfast/SKILL.md')).toBe(skill);
});
