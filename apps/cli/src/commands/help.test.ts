import { expect, test } from 'vitest';
import { createFleet, createSandbox } from '../../test/sandbox.js';
import { complete } from '../complete.js';
import { commands, topics } from './index.js';

const namesOf = (words: string[]) =>
  complete(words, { commands, topics })
    .split('\n')
    .map((line) => line.split('\t', 1)[0]);

test.each([
  [[], ['--help']],
  [['plan'], ['plan', '--help']],
  [['requests'], ['requests', '--help']],
  [
    ['requests', 'merge'],
    ['requests', 'merge', '--help'],
  ],
])('help %j prints what --help prints', async (words, same) => {
  await using sandbox = await createSandbox();
  const cwd = sandbox.folder;
  const asked = await sandbox.holdfast(['help', ...words], { cwd });
  expect(asked).toEqual(await sandbox.holdfast(same, { cwd }));
  expect(asked.stdout).toContain('Usage: holdfast');
});

test('help of one command as data; of none, an error', async () => {
  await using sandbox = await createSandbox();
  const cwd = sandbox.folder;
  const { stdout } = await sandbox.holdfast(['help', 'requests', '--json'], { cwd });
  const { commands: told } = JSON.parse(stdout) as { commands: { name: string }[] };
  expect(told.map(({ name }) => name)).toContain('requests merge');
  expect(told.every(({ name }) => name.startsWith('requests '))).toBe(true);
  const wrong = await sandbox.holdfast(['help', 'plna'], { cwd });
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('"plna"') });
});

test('the manual page has every command', async () => {
  await using sandbox = await createSandbox();
  const { stdout } = await sandbox.holdfast(['help', '--man'], { cwd: sandbox.folder });
  expect(stdout).toMatch(/^\.TH HOLDFAST 1\n/);
  for (const { name } of commands) {
    expect(stdout).toContain(`\n.SS holdfast ${name.replaceAll('-', '\\-')}`);
  }
});

test.each([['version'], ['-v'], ['--version']])('%s prints the version', async (word) => {
  await using sandbox = await createSandbox();
  const { exitCode, stdout } = await sandbox.holdfast([word], { cwd: sandbox.folder });
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

test.each(['config', 'rule', 'manifest'])('schema %s prints a JSON Schema', async (file) => {
  await using sandbox = await createSandbox();
  const cwd = sandbox.folder;
  const plain = JSON.parse((await sandbox.holdfast(['schema', file], { cwd })).stdout) as object;
  expect(plain).toMatchObject({ type: 'object', title: expect.stringContaining('Holdfast') });
  const enveloped = await sandbox.holdfast(['schema', file, '--json'], { cwd });
  expect(JSON.parse(enveloped.stdout)).toMatchObject({ command: 'schema', schema: plain });
});

test.each([
  [[''], ['plan', 'requests', 'odps']],
  [['pl'], ['plan']],
  [
    ['requests', ''],
    ['list', 'show', 'merge'],
  ],
  [['requests', 'list', '--st'], ['--state']],
  [
    ['requests', 'list', '--state', ''],
    ['open', 'merged', 'closed', 'all'],
  ],
  [
    ['schema', ''],
    ['config', 'rule', 'manifest'],
  ],
  [['plan', '--js'], ['--json']],
])('completes %j', (words, expected) => {
  expect(namesOf(words)).toEqual(expect.arrayContaining(expected));
});

test.each(['bash', 'zsh', 'fish'])(
  'completion %s prints a script that asks back',
  async (shell) => {
    await using sandbox = await createSandbox();
    const { exitCode, stdout } = await sandbox.holdfast(['completion', shell], {
      cwd: sandbox.folder,
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('holdfast complete --');
  },
);

test('plan --exit-code tells by the exit code that something would change', async () => {
  await using sandbox = await createFleet();
  expect(await sandbox.holdfast(['plan'])).toMatchObject({ exitCode: 0 });
  expect(await sandbox.holdfast(['plan', '--exit-code'])).toMatchObject({ exitCode: 1 });
  await sandbox.holdfast(['sync']);
  await sandbox.holdfast(['requests', 'merge', '--all']);
  expect(await sandbox.holdfast(['plan', '--exit-code'])).toMatchObject({ exitCode: 0 });
});
