import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSandbox, type Finished, type RunOptions, type Sandbox } from './sandbox.js';

const execute = promisify(execFile);
const fixtures = fileURLToPath(
  new URL('../../../packages/skill-sync/test/fixtures/', import.meta.url),
);
const bin = fileURLToPath(new URL('../bin/holdfast.js', import.meta.url));

let sandbox: Sandbox;
let root: string;
beforeEach(async () => {
  sandbox = await createSandbox();
  root = await realpath(sandbox.folder);
  await mkdir(join(root, 'data'));
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const holdfast = (args: readonly string[], options: RunOptions = {}): Promise<Finished> =>
  sandbox.holdfast(args, {
    cwd: root,
    ...options,
    environment: { HOLDFAST_OUTPUT_ROOT: join(root, 'data'), ...options.environment },
  });

/** What a command prints as JSON, without the keys that every document has. */
async function document(args: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout } = await holdfast([...args, '--json']);
  const {
    holdfast: _version,
    command: _command,
    ...rest
  } = JSON.parse(stdout) as Record<string, unknown>;
  return rest;
}

/** The published skill, with its output in this folder instead of `/data`. */
async function addFixture(name: string): Promise<void> {
  await cp(join(fixtures, name), join(root, 'skills', name), { recursive: true });
  await chmod(join(root, 'skills', name, 'scripts/sync.sh'), 0o755);
  const manifest = join(root, 'skills', name, 'SYNC.json');
  const text = await readFile(manifest, 'utf8');
  await writeFile(manifest, text.replace('/data/', `${root}/data/`));
}

/** A skill that is made from a template. */
async function addTemplate(name: string): Promise<void> {
  await sandbox.write({
    [`skills/${name}/SYNC.json`]: JSON.stringify({
      version: '1',
      outputFile: `${root}/data/${name}.md`,
      patterns: [`${name}:*`],
      template: 'all.liquid',
    }),
    [`skills/${name}/SKILL.md`]: `---\nname: ${name}\ndescription: d\n---\n`,
    [`skills/${name}/all.liquid`]: '# All\n\n{{ entries | table: "title" }}\n',
  });
}

const data = (name: string) => readFile(join(root, 'data', name), 'utf8');

const memory = JSON.stringify({
  id: 'm1',
  type: 'fact',
  content: 'Lives in Rome',
  source: 'explicit',
  confidence: 95,
  createdAt: '2026-02-01T08:00:00Z',
  updatedAt: '2026-02-01T08:00:00Z',
  lastAccessedAt: '2026-02-01T08:00:00Z',
  tags: ['home'],
  context: '',
  status: 'active',
});
const note = JSON.stringify({
  id: 'n1',
  type: 'decision',
  title: 'Use SQLite',
  body: 'One file.',
  tags: ['db'],
  project: 'p',
  created_at: '2026-02-01T08:00:00Z',
  updated_at: '2026-02-01T08:00:00Z',
  status: 'open',
  links: [],
});
const memoryText =
  '# Memory\n\nGenerated from SQLite.\n\n## Facts\n\n- Lives in Rome (95%, 2026-02-01, home)\n';
const notesText =
  '# Notes\n\n## Use SQLite\n\ndecision · open · p · db · 2026-02-01\n\n> One file.\n';

test('both published skills, from a clean folder, with the commands of the described system', async () => {
  await addFixture('memory-manager');
  await addFixture('structured-notes');
  await holdfast(['skills', 'shim', 'bin', '--output-root', 'data', '--data', 'data']);
  const shell = async (command: string) =>
    execute('bash', ['-c', command], {
      cwd: root,
      env: { PATH: `${root}/bin:${process.env['PATH']}`, HOME: root, DATA_ROOT: join(root, 'old') },
    }).then(
      ({ stdout }) => stdout,
      ({ code, stdout }: { code: number; stdout: string }) => `${stdout}exit ${code}`,
    );
  expect(await shell(`ambrogioctl state set memory:fact:m1 '${memory}'`)).toBe(
    `Set memory:fact:m1=${memory}\n`,
  );
  await shell(`ambrogioctl state set --key notes:entry:n1 --value '${note}'`);
  expect(await shell('ambrogioctl state get notes:entry:n1 | cut -d= -f2-')).toBe(`${note}\n`);
  expect(await shell('ambrogioctl state get absent')).toBe('exit 3');
  const listed = await shell('ambrogioctl state list --pattern "memory:*,notes:entry:*" --json');
  expect(
    (JSON.parse(listed) as { entries: { key: string }[] }).entries.map(({ key }) => key),
  ).toEqual(['memory:fact:m1', 'notes:entry:n1']);
  expect(await shell('ambrogioctl sync validate --skill structured-notes')).toBe(
    '1 skill: 0 errors, 0 warnings\n',
  );
  expect(await shell('ambrogioctl sync generate --skill memory-manager')).toBe(
    `memory-manager  generated\n  ${root}/data/MEMORY.md  created\n`,
  );
  expect(await data('MEMORY.md')).toBe(memoryText);
  await mkdir(join(root, 'old'));
  await shell('skills/memory-manager/scripts/sync.sh');
  expect(await readFile(join(root, 'old/MEMORY.md'), 'utf8')).toBe(memoryText);
  expect(await shell('ambrogioctl sync generate --all')).toBe(
    `memory-manager  current\nstructured-notes  generated\n  ${root}/data/NOTES.md  created\n`,
  );
  expect(await data('NOTES.md')).toBe(notesText);
  expect(await shell('ambrogioctl state delete notes:entry:n1 absent --json')).toContain(
    '"deleted": 1',
  );
  expect(await shell('ambrogioctl sync generate --all')).toContain('structured-notes  generated');
  expect(await data('NOTES.md')).toBe('# Notes\n\nNo notes yet.\n');
});

test('both published skills, from a clean folder, with our commands', async () => {
  await addFixture('memory-manager');
  await addFixture('structured-notes');
  expect(await holdfast(['skills', 'generate', '--all'])).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
  expect(await data('NOTES.md')).toBe('# Notes\n\nNo notes yet.\n');
  await holdfast(['state', 'set', 'memory:fact:m1', memory, '--generate']);
  expect(await data('MEMORY.md')).toBe(memoryText);
  await holdfast(['state', 'set', 'notes:entry:n1', '-'], { input: note });
  expect(await document(['skills', 'list'])).toEqual({
    exitCode: 0,
    findings: [],
    skills: [
      {
        skill: 'memory-manager',
        directory: `${root}/skills/memory-manager`,
        description: 'Syncs semantic memory to human-readable file',
        output: `${root}/data/MEMORY.md`,
        patterns: ['memory:*'],
        lastRun: '2026-02-02T10:00:00.000Z',
        state: 'current',
        outputs: [{ file: `${root}/data/MEMORY.md`, state: 'current' }],
        findings: [],
      },
      {
        skill: 'structured-notes',
        directory: `${root}/skills/structured-notes`,
        description: 'Syncs structured notes to consolidated view',
        output: `${root}/data/NOTES.md`,
        patterns: ['notes:entry:*'],
        lastRun: '2026-02-02T10:00:00.000Z',
        state: 'stale',
        outputs: [{ file: `${root}/data/NOTES.md`, state: 'stale' }],
        findings: [],
      },
    ],
  });
  expect((await holdfast(['skills', 'generate', '--all', '--check'])).exitCode).toBe(1);
  expect((await holdfast(['skills', 'generate', '--skill', 'structured-notes'])).exitCode).toBe(0);
  expect(await data('NOTES.md')).toBe(notesText);
  expect((await holdfast(['skills', 'generate', '--all', '--check'])).exitCode).toBe(0);
});

test('state: the published shapes, as text and as JSON', async () => {
  expect(await holdfast(['state', 'list'])).toMatchObject({
    exitCode: 0,
    stdout: 'No keys found.\n',
  });
  expect(await document(['state', 'list'])).toEqual({ exitCode: 0, entries: [] });
  expect((await holdfast(['state', 'set', 'a_b', '1'])).stdout).toBe('Set a_b=1\n');
  await holdfast(['state', 'set', 'axb', '--', '-2']);
  await holdfast(['state', 'set', 'A_B', 'esc \x1b[31m']);
  expect(await document(['state', 'set', 'a_b', '3'])).toEqual({
    exitCode: 0,
    key: 'a_b',
    value: '3',
  });
  expect(await document(['state', 'get', 'a_b'])).toEqual({ exitCode: 0, key: 'a_b', value: '3' });
  expect((await holdfast(['state', 'get', 'axb'])).stdout).toBe('axb=-2\n');
  expect((await holdfast(['state', 'get', 'A_B'])).stdout).toBe('A_B=esc \x1b[31m\n');
  expect((await holdfast(['state', 'get', 'A_B'], { isTTY: true })).stdout).toBe(
    'A_B=esc \\x1b[31m\n',
  );
  expect(await document(['state', 'list', '--pattern', 'a_?', '--pattern', 'A*,no'])).toEqual({
    exitCode: 0,
    entries: [
      { key: 'A_B', value: 'esc \x1b[31m', updatedAt: '2026-02-02T10:00:00.000Z' },
      { key: 'a_b', value: '3', updatedAt: '2026-02-02T10:00:00.000Z' },
    ],
  });
  expect(await holdfast(['state', 'get', 'absent'])).toMatchObject({ exitCode: 1, stdout: '' });
  expect(await document(['state', 'delete', 'a_b', 'absent', '--yes'])).toEqual({
    exitCode: 0,
    deleted: 1,
  });
  expect(await document(['state', 'delete', '--pattern', '*', '--yes'])).toEqual({
    exitCode: 0,
    deleted: 2,
  });
});

test('state delete asks', async () => {
  await holdfast(['state', 'set', 'a', '1']);
  expect(await holdfast(['state', 'delete', 'a'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('agree beforehand with --yes') as string,
  });
  expect((await holdfast(['state', 'get', 'a'])).exitCode).toBe(0);
  expect(await holdfast(['state', 'delete', '--yes'])).toMatchObject({ exitCode: 2 });
  expect(await holdfast(['state', 'delete', 'a', '--pattern', 'a', '--yes'])).toMatchObject({
    exitCode: 2,
  });
});

test('state export and import, all or nothing', async () => {
  await holdfast(['state', 'set', 'a', 'x\x85\u202e']);
  await holdfast(['state', 'set', 'b', '2']);
  const { stdout } = await holdfast(['state', 'export']);
  expect(stdout.split('\n').length).toBe(3);
  await writeFile(join(root, 'state.jsonl'), stdout);
  expect(await holdfast(['state', 'import', 'state.jsonl', '--db', 'other.db'])).toMatchObject({
    exitCode: 0,
    stdout: `Imported 2 keys into ${root}/other.db\n`,
  });
  expect(await holdfast(['state', 'export', '--db', 'other.db'])).toMatchObject({ stdout });
  const broken = await holdfast(['state', 'import', '--db', 'other.db'], {
    input: '{"key":"c","value":"1"}\n{',
  });
  expect(broken.exitCode).toBe(2);
  expect(broken.stderr).toContain('stdin:2: not a line of JSON');
  expect((await holdfast(['state', 'get', 'c', '--db', 'other.db'])).exitCode).toBe(1);
  expect(await holdfast(['state', 'import', 'no.jsonl'])).toMatchObject({ exitCode: 2 });
});

test('which store: the flag, the variables, the data folder', async () => {
  const where = async (args: string[], environment: Record<string, string> = {}) => {
    await holdfast(['state', 'set', 'k', 'v', ...args], { environment });
    for (const file of ['flag.db', 'variable.db', 'folder/state.db', 'data/state.db']) {
      if (await stat(join(root, file)).catch(() => undefined)) {
        await rm(join(root, file));
        return file;
      }
    }
    return undefined;
  };
  const variable = { HOLDFAST_STATE_DB: join(root, 'variable.db') };
  expect(await where(['--db', 'flag.db', '--data', 'folder'], variable)).toBe('flag.db');
  expect(await where(['--data', 'folder'], variable)).toBe('variable.db');
  expect(await where(['--data', 'folder'])).toBe('folder/state.db');
  expect(await where([])).toBe('data/state.db');
});

test.each([
  [['state', 'list', '--db', 'no.db'], 2, 'there is no store at'],
  [['state', 'list', '--pattern', ''], 2, 'the pattern "" is empty'],
  [['state', 'list', '--pattern', 'a\\'], 2, 'ends with a \\ that escapes nothing'],
  [['state', 'set', '', 'v'], 2, 'the key "" is empty'],
  [['state', 'list', '--db', 'text.db'], 2, 'is not a SQLite database'],
  [['state', 'set', 'a', 'b', '--db', 'no/x.db'], 2, 'mkdir -p'],
  [['skills', 'generate'], 2, 'say which: --skill NAME, or --all'],
  [['skills', 'generate', '--skill', 'no'], 2, 'there is no skill no with a SYNC.json'],
  [['skills', 'validate', '--skill', 'no'], 2, 'there is no skill no with a SYNC.json'],
  [['skills', 'generate', '--all', '--skills', 'nowhere'], 2, 'there is no folder of skills at'],
  [['skills', 'absorb', 'no'], 2, 'there is no skill no with a SYNC.json'],
])('%j ends with %i: %s', async (args, exitCode, message) => {
  await writeFile(join(root, 'text.db'), 'this is not a database at all; '.repeat(40));
  const finished = await holdfast(args);
  expect(finished.exitCode).toBe(exitCode);
  expect(finished.stderr).toContain(message);
});

test('an invalid manifest is said to be that, with its places', async () => {
  await sandbox.write({ 'skills/bad/SYNC.json': '{\n  "version": "2",\n  "patterns": []\n}\n' });
  const finished = await holdfast(['skills', 'validate', '--skill', 'bad']);
  expect(finished.exitCode).toBe(1);
  expect(finished.stdout)
    .toBe(`${root}/skills/bad/SKILL.md: warning: there is no SKILL.md, by which agents find a skill
${root}/skills/bad/SYNC.json:1:1: outputFile is missing; expected an absolute path, such as /data/NOTES.md
${root}/skills/bad/SYNC.json:2:14: version must be "1", got "2"
${root}/skills/bad/SYNC.json:3:15: patterns: must name at least one pattern
1 skill: 3 errors, 1 warning
`);
  expect((await holdfast(['skills', 'generate', '--skill', 'bad'])).exitCode).toBe(2);
});

test('--all goes on after a failure, and ends with the worst', async () => {
  await addTemplate('good');
  await sandbox.write({
    'skills/fails/SYNC.json': JSON.stringify({
      version: '1',
      outputFile: `${root}/data/fails.md`,
      patterns: ['a:*'],
      generator: 'run.sh',
    }),
    'skills/fails/run.sh': '#!/bin/sh\necho "cannot go on" >&2\nexit 9\n',
    'skills/bad/SYNC.json': '[]',
  });
  await chmod(join(root, 'skills/fails/run.sh'), 0o755);
  const finished = await holdfast(['skills', 'generate', '--all']);
  expect(finished.exitCode).toBe(3);
  expect(finished.stdout).toBe(`bad  refused
  ${root}/skills/bad/SYNC.json:1:1: SYNC.json must be an object, got []
fails  failed
  fails: the program ended with exit code 9
    cannot go on
good  generated
  ${root}/data/good.md  created
`);
  const { outcomes } = await document(['skills', 'generate', '--all']);
  expect(outcomes).toMatchObject([
    { skill: 'bad', outcome: 'refused' },
    { skill: 'fails', outcome: 'failed', reason: 'exited', code: 9, output: 'cannot go on\n' },
    { skill: 'good', outcome: 'current' },
  ]);
});

test('an edit by hand is shown, not overwritten, and goes back into the state', async () => {
  await addTemplate('notes');
  await holdfast(['state', 'set', 'notes:1', '{"title":"One"}', '--generate']);
  await writeFile(join(root, 'data/notes.md'), (await data('notes.md')).replace('One', 'Two'));
  const refused = await holdfast(['skills', 'generate', '--skill', 'notes']);
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain('edited by hand');
  expect(refused.stdout).toContain('-| <!-- sync:entry notes:1 --> One |');
  expect(refused.stdout).toContain('+| <!-- sync:entry notes:1 --> Two |');
  expect(refused.stdout).toContain('holdfast skills absorb notes');
  expect(await holdfast(['skills', 'absorb', 'notes'])).toMatchObject({
    exitCode: 1,
    stdout: `notes  1 operation
  set notes:1
    title: "One" → "Two"
Apply it with: holdfast skills absorb notes --yes
`,
  });
  expect(await document(['skills', 'absorb', 'notes', '--yes'])).toMatchObject({
    exitCode: 0,
    outcome: 'absorbed',
    operations: [{ op: 'set', key: 'notes:1', value: '{"title":"Two"}' }],
    generated: { outcome: 'generated' },
  });
  expect((await holdfast(['state', 'get', 'notes:1'])).stdout).toBe('notes:1={"title":"Two"}\n');
  expect(await document(['skills', 'absorb', 'notes'])).toEqual({
    exitCode: 0,
    skill: 'notes',
    outcome: 'nothing',
  });
  await writeFile(join(root, 'data/notes.md'), 'all gone\n');
  expect((await holdfast(['skills', 'absorb', 'notes', '--yes'])).exitCode).toBe(1);
  expect((await holdfast(['skills', 'generate', '--skill', 'notes', '--force'])).exitCode).toBe(0);
  expect(await data('notes.md')).toContain('Two');
});

test('watch renders what another process writes, once for a burst', async () => {
  await addTemplate('notes');
  await holdfast(['state', 'set', 'notes:1', '{"title":"One"}']);
  const watcher = spawn(
    process.execPath,
    [bin, 'skills', 'watch', '--debounce', '100', '--data', 'data', '--output-root', 'data'],
    {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: root },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let told = '';
  watcher.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  const until = async (condition: () => boolean) => {
    for (let turn = 0; turn < 1500 && !condition(); turn++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const generated = () => told.split('notes  generated').length - 1;
  await until(() => generated() === 1);
  expect(await data('notes.md')).toContain('One');
  for (const title of ['Two', 'Three', 'Four']) {
    await holdfast(['state', 'set', 'notes:1', JSON.stringify({ title })]);
  }
  await until(() => generated() >= 2);
  expect(await data('notes.md')).toContain('Four');
  watcher.kill('SIGTERM');
  expect(await once(watcher, 'exit')).toEqual([143, null]);
  expect(told).not.toContain('ExperimentalWarning');
});

test('an interruption ends the generator, and leaves nothing behind', async () => {
  await sandbox.write({
    'skills/slow/SYNC.json': JSON.stringify({
      version: '1',
      outputFile: `${root}/data/slow.md`,
      patterns: ['a:*'],
      generator: 'run.sh',
    }),
    'skills/slow/run.sh': `#!/bin/sh\necho started > "${root}/started"\nsleep 2\necho late > "${root}/late"\n`,
  });
  await chmod(join(root, 'skills/slow/run.sh'), 0o755);
  const child = spawn(
    process.execPath,
    [bin, 'skills', 'generate', '--all', '--data', 'data', '--output-root', 'data'],
    {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: root },
      stdio: 'ignore',
    },
  );
  while (!(await stat(join(root, 'started')).catch(() => undefined))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
  await new Promise((resolve) => setTimeout(resolve, 2300));
  expect(await stat(join(root, 'late')).catch(() => undefined)).toBeUndefined();
  expect((await readdir(join(root, 'data'))).filter((name) => name.includes('slow'))).toEqual([]);
});
