import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { configuration, createFleet, createSandbox } from '../test/sandbox.js';

describe('the program', () => {
  test('prints its commands, and ends well', async () => {
    await using sandbox = await createSandbox();
    const { exitCode, stdout } = await sandbox.holdfast(['--help'], { cwd: sandbox.folder });
    expect(exitCode).toBe(0);
    for (const command of [
      'init',
      'plan',
      'sync',
      'drift',
      'status',
      'requests',
      'why',
      'verify',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
  });

  test('prints its version', async () => {
    await using sandbox = await createSandbox();
    const { exitCode, stdout } = await sandbox.holdfast(['--version'], { cwd: sandbox.folder });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  test.each([
    [['plna'], 'Did you mean plan?'],
    [['plan', '--relase', 'v1'], 'Did you mean --release?'],
    [['requests', 'lst'], 'Did you mean list?'],
    [['plan', '--release', 'v1', '--ref', 'main'], 'cannot be used with'],
    [['sync', '--plan', 'x', '--release', 'v1'], 'cannot be used with'],
    [['requests', 'show', 'org/api', 'one'], 'expected a number'],
    [['requests', 'list', '--state', 'any'], 'Allowed choices are open, merged, closed, all'],
    [['why'], "missing required argument 'path'"],
    [['drift', '--out', 'x'], "unknown option '--out'"],
    [['--quiet', '--verbose', 'drift'], 'cannot be used with'],
  ])('refuses %j', async (args, message) => {
    await using sandbox = await createSandbox();
    const { exitCode, stdout, stderr } = await sandbox.holdfast(args, { cwd: sandbox.folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('hint: --help lists the commands, arguments and options\n');
  });

  test('without a command, shows its commands on stderr, as wrong input', async () => {
    await using sandbox = await createSandbox();
    const { exitCode, stdout, stderr } = await sandbox.holdfast([], { cwd: sandbox.folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Usage: holdfast');
  });

  test('with --json, an error is the one document on stdout too', async () => {
    await using sandbox = await createSandbox();
    const misused = await sandbox.holdfast(['plna', '--json'], { cwd: sandbox.folder });
    expect(JSON.parse(misused.stdout)).toEqual({
      holdfast: 1,
      command: null,
      exitCode: 2,
      error: {
        code: 'unknownCommand',
        blame: 'input',
        hint: '--help lists the commands, arguments and options',
        message: expect.stringContaining('plna'),
      },
    });
    const lost = await sandbox.holdfast(['plan', '--json'], { cwd: sandbox.folder });
    expect(lost.exitCode).toBe(2);
    expect(JSON.parse(lost.stdout)).toEqual({
      holdfast: 1,
      command: 'plan',
      exitCode: 2,
      error: {
        code: 'no-configuration',
        blame: 'input',
        message: expect.stringContaining('there is no holdfast.yaml'),
        hint: 'write one with: holdfast init, or name one with --config FILE',
      },
    });
    expect(lost.stderr).toMatch(/^error: there is no holdfast.yaml.*\nhint: /);
  });

  test('colours a terminal, unless it is asked not to', async () => {
    await using sandbox = await createFleet();
    const colored = async (
      args: string[],
      options: { isTTY?: boolean; environment?: Record<string, string> },
    ) => (await sandbox.holdfast(args, options)).stdout.includes('\x1b[');
    expect(await colored(['plan'], { isTTY: true })).toBe(true);
    expect(await colored(['plan'], { isTTY: false })).toBe(false);
    expect(await colored(['plan', '--no-color'], { isTTY: true })).toBe(false);
    expect(await colored(['plan'], { isTTY: true, environment: { NO_COLOR: '1' } })).toBe(false);
    expect(await colored(['plan'], { isTTY: true, environment: { TERM: 'dumb' } })).toBe(false);
    expect(await colored(['plan'], { environment: { FORCE_COLOR: '1' } })).toBe(true);
    expect(await colored(['plan', '--json'], { isTTY: true })).toBe(false);
  });

  test('logs JSON lines on stderr when asked, and nothing when not', async () => {
    await using sandbox = await createFleet();
    expect((await sandbox.holdfast(['sync'])).stderr).toBe('');
    await sandbox.commit('source', 'More', { 'docs/more.md': '# More\n' });
    const { stderr, stdout } = await sandbox.holdfast([
      '--verbose',
      '--json',
      'sync',
      '--ref',
      'main',
    ]);
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toContainEqual({
      level: 'info',
      time: '2026-02-02T10:00:00.000Z',
      target: 'org/api',
      rule: 'api',
      outcome: 'opened',
      msg: 'applied',
    });
    expect(JSON.parse(stdout)).toMatchObject({ command: 'sync' });
  });

  test('a login of the environment is never shown, nor what looks like one', async () => {
    await using sandbox = await createFleet();
    const environment = { HOLDFAST_GIT_TOKEN: 'quite-a-secret-1' };
    const { stdout, stderr } = await sandbox.holdfast(
      ['plan', '--json', '--ref', 'quite-a-secret-1'],
      { environment },
    );
    expect(stdout + stderr).not.toContain('quite-a-secret-1');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'unknown-revision' } });
    const looks = await sandbox.holdfast(['plan', '--ref', `ghp_${'a'.repeat(36)}`]);
    expect(looks.stdout + looks.stderr).not.toContain('ghp_');
  });
});

test('a remote is waited for as long as a flag says', async () => {
  await using sandbox = await createFleet();
  const server = createServer(() => undefined); // takes the connection, and says nothing
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await sandbox.write({
    'source/holdfast.yaml': configuration.replace('../api.git', `http://127.0.0.1:${port}/api.git`),
  });
  const words = ['drift', '--target', 'org/api', '--idle-timeout', '0.5'];
  const { exitCode, stdout } = await sandbox.holdfast(words);
  server.close();
  server.closeAllConnections();
  expect(exitCode).toBe(3);
  expect(stdout).toContain('FAILED');
  const wrong = await sandbox.holdfast(['drift', '--idle-timeout', 'soon']);
  expect(wrong).toMatchObject({ exitCode: 2 });
  expect(wrong.stderr).toContain('expected seconds');
});
