import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { configuration, createFleet, rule } from './sandbox.js';

const long = `${'n'.repeat(100)}/${'o'.repeat(100)}/${'p'.repeat(96)}.md`;

test('odd names and odd bytes arrive as they are', async () => {
  await using sandbox = await createFleet();
  await sandbox.commit('source', 'Odd', {
    'docs/with space.md': 'a\n',
    'docs/-dash.md': 'b\n',
    'docs/quo"te\'s.md': 'c\n',
    'docs/ümläut ß 漢字.md': 'd\n',
    [`docs/${long}`]: 'e\n',
    'docs/empty': '',
    'docs/crlf.md': 'one\r\ntwo\r\n',
    'docs/bom.md': '\ufeffbom\n',
    'docs/latin1.txt': Uint8Array.of(0xe4, 0xf6, 0x0a),
    'docs/binary.bin': Uint8Array.from({ length: 256 }, (_, index) => index),
    'docs/no-final-newline.md': 'x',
  });
  const cwd = sandbox.path('source');
  await sandbox.git(cwd, 'reset', '--quiet', '--mixed');
  const script = await sandbox.git(cwd, 'rev-parse', 'main:docs/empty');
  await sandbox.git(cwd, 'update-index', '--add', '--cacheinfo', `100755,${script},docs/run.sh`);
  await sandbox.write({ link: 'guide.md' });
  const link = await sandbox.git(cwd, 'hash-object', '-w', sandbox.path('link'));
  await sandbox.git(cwd, 'update-index', '--add', '--cacheinfo', `120000,${link},docs/link.md`);
  const tree = await sandbox.git(cwd, 'write-tree');
  const commit = await sandbox.git(
    cwd,
    '-c',
    'user.name=A',
    '-c',
    'user.email=a@b',
    'commit-tree',
    tree,
    '-p',
    'main',
    '-m',
    'Modes',
  );
  await sandbox.git(cwd, 'tag', 'v1.1.0', commit);

  expect(await sandbox.holdfast(['sync', 'api'])).toMatchObject({ exitCode: 0, stderr: '' });
  const delivered = await sandbox.git(cwd, 'rev-parse', 'v1.1.0:docs');
  expect(
    await sandbox.git(sandbox.path('api.git'), 'rev-parse', 'acme-sync/v1.1.0/api:standards'),
  ).toBe(delivered);
});

test('a symbolic link that leads out of what is delivered is refused', async () => {
  await using sandbox = await createFleet();
  const cwd = sandbox.path('source');
  await sandbox.git(cwd, 'read-tree', 'main');
  await sandbox.write({ link: '../../secret' });
  const link = await sandbox.git(cwd, 'hash-object', '-w', sandbox.path('link'));
  await sandbox.git(cwd, 'update-index', '--add', '--cacheinfo', `120000,${link},docs/link.md`);
  const tree = await sandbox.git(cwd, 'write-tree');
  const commit = await sandbox.git(
    cwd,
    '-c',
    'user.name=A',
    '-c',
    'user.email=a@b',
    'commit-tree',
    tree,
    '-p',
    'main',
    '-m',
    'Out',
  );
  await sandbox.git(cwd, 'tag', 'v1.1.0', commit);
  const before = await sandbox.refs('api.git');
  const { exitCode, stdout } = await sandbox.holdfast(['sync', 'api']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('link.md');
  expect(await sandbox.refs('api.git')).toBe(before);
});

test('a name that would steer a terminal is made visible', async () => {
  await using sandbox = await createFleet();
  await sandbox.commit('source', 'Evil \x1b[31m', { 'docs/\u202etxt.md': 'a\n' });
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.1.0');
  const { stdout } = await sandbox.holdfast(['plan', 'api'], { isTTY: true });
  expect(stdout).toContain('\\u202etxt.md');
  expect(stdout).not.toContain('\u202e');
});

test('runs at once on one target agree on one request', async () => {
  await using sandbox = await createFleet();
  const runs = await Promise.all([1, 2, 3].map(() => sandbox.holdfast(['sync'])));
  expect(runs.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
    runs.map(() => ({ exitCode: 0, stderr: '' })),
  );
  const { stdout } = await sandbox.holdfast(['requests', 'list', '--state', 'all', '--json']);
  const { targets } = JSON.parse(stdout) as { targets: { requests: unknown[] }[] };
  expect(targets.map(({ requests }) => requests.length)).toEqual([1, 1]);
  await sandbox.git(sandbox.path('api.git'), 'fsck', '--strict');
});

test('a token of the environment is sent, and printed nowhere', async () => {
  await using sandbox = await createFleet();
  const token = 'hf-5ecre7-token';
  const sent: (string | undefined)[] = [];
  const server = createServer(({ headers }, response) => {
    sent.push(headers.authorization);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await sandbox.write({
      'source/holdfast.yaml': configuration.replace(
        '../web.git',
        `"http://127.0.0.1:${port}/web.git"`,
      ),
    });
    const { exitCode, stdout, stderr } = await sandbox.holdfast(['sync', '--verbose'], {
      environment: { [`HOLDFAST_GIT_TOKEN_127_0_0_1_${port}`]: token },
    });
    expect(exitCode).toBe(3);
    expect(stdout).toContain('org/web  web  failed');
    expect(stdout).toContain('1 opened, 1 failed');
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    expect(sent).toContain(`Basic ${basic}`);
    expect(stdout + stderr).not.toContain(token);
    expect(stdout + stderr).not.toContain(basic);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test('the branch, the labels and the reviewers of a rule reach the request', async () => {
  await using sandbox = await createFleet();
  await sandbox.git(sandbox.path('api.git'), 'branch', 'next');
  await sandbox.write({
    'source/rules/api.yaml': rule(
      'api',
      'org/api',
      '  target_branch: next\n  labels: [docs]\n  reviewers: [ada]\n',
    ),
  });
  await sandbox.holdfast(['sync', 'api']);
  const { stdout } = await sandbox.holdfast(['requests', 'show', 'org/api']);
  expect(stdout).toContain('acme-sync/v1.0.0/api → next');
  expect(stdout).toContain('labels: acme-sync, auto-generated, docs');
  expect(stdout).toContain('reviewers: ada');
});
