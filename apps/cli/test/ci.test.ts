import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createFleet, type Sandbox } from './sandbox.js';

const project = fileURLToPath(new URL('..', import.meta.url));
const bin = `${project}bin/holdfast.js`;

/** A run step of the action, or a job of the template, as its runner would see it. */
interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly run?: string;
}

/** Runs a script of a step in the source as a runner does: bash, stop at the first failure. */
function runScript(
  { path }: Sandbox,
  script: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    ...process.env,
    PATH: `${path('bin')}:${process.env['PATH']}`,
    HOME: path(),
    HOLDFAST_STATE_DIR: path('state'),
    HOLDFAST_CACHE_DIR: path('cache'),
    RUNNER_TEMP: path('runner'),
    GITHUB_OUTPUT: path('runner', 'output'),
    GH_LOG: path('runner', 'gh.log'),
    GH_BODY: path('runner', 'gh.body'),
    GH_IDS: path('runner', 'gh.ids'),
    NO_COLOR: '1',
    ...environment,
  };
  const options = { cwd: path('source'), env };
  return new Promise((resolve) => {
    const flags = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script];
    execFile('bash', flags, options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

/** The programs that a runner has: holdfast as it is built, npm and gh that note what they are told. */
async function createRunner(): Promise<Sandbox> {
  const sandbox = await createFleet();
  await mkdir(sandbox.path('bin'), { recursive: true });
  await mkdir(sandbox.path('runner'), { recursive: true });
  const write = (name: string, lines: readonly string[]) =>
    writeFile(sandbox.path('bin', name), ['#!/bin/bash', ...lines, ''].join('\n'), { mode: 0o755 });
  await write('holdfast', [`exec ${process.execPath} ${bin} "$@"`]);
  await write('npm', ['echo "npm $*" >> "$GH_LOG"']);
  await write('gh', [
    'echo "gh $*" >> "$GH_LOG"',
    'for word in "$@"; do case "$word" in body=@*) cp "${word#body=@}" "$GH_BODY" ;; esac; done',
    'case "$*" in *--paginate*) cat "$GH_IDS" ;; esac',
  ]);
  writeFileSync(sandbox.path('runner', 'gh.ids'), '');
  return sandbox;
}

describe('the GitHub Action', async () => {
  const action = parse(await readFile(`${project}action.yml`, 'utf8')) as {
    runs: { steps: Step[] };
  };
  const [install, run, say] = action.runs.steps.filter((step) => step.run !== undefined);
  const outputOf = ({ path }: Sandbox) => readFileSync(path('runner', 'output'), 'utf8');

  test('installs, plans on a pull request, and says so in one comment that is edited', async () => {
    await using sandbox = await createRunner();
    const installed = await runScript(sandbox, install?.run ?? '', { VERSION: '1.2.3' });
    expect(installed.code).toBe(0);
    const log = () => readFileSync(sandbox.path('runner', 'gh.log'), 'utf8');
    expect(log()).toContain('npm install --global --no-audit --no-fund holdfast@1.2.3');

    const event = { COMMAND: '', CONFIG: 'holdfast.yaml', EVENT: 'pull_request' };
    const planned = await runScript(sandbox, run?.run ?? '', event);
    expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('2 to change') });
    expect(outputOf(sandbox)).toBe('command=plan\nexit-code=0\n');
    expect(await sandbox.refs('web.git')).not.toContain('sync/');

    const place = { NUMBER: '7', REPOSITORY: 'org/source', GH_TOKEN: 'secret' };
    expect((await runScript(sandbox, say?.run ?? '', place)).code).toBe(0);
    expect(log()).toContain('gh api --silent repos/org/source/issues/7/comments -F body=@');
    const body = readFileSync(sandbox.path('runner', 'gh.body'), 'utf8');
    expect(body).toMatch(/^<!-- holdfast-impact -->\n### What this change would bring/);
    expect(body).toContain('    ');
    writeFileSync(sandbox.path('runner', 'gh.ids'), '41\n42\n');
    expect((await runScript(sandbox, say?.run ?? '', place)).code).toBe(0);
    expect(log()).toContain('-X PATCH repos/org/source/issues/comments/41 -F body=@');
    expect(log()).not.toContain('secret');
  });

  test('delivers on everything else; a wrong command and a wrong configuration stop it', async () => {
    await using sandbox = await createRunner();
    const script = run?.run ?? '';
    const tag = { COMMAND: '', CONFIG: 'holdfast.yaml', EVENT: 'push' };
    expect(await runScript(sandbox, script, tag)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 opened'),
    });
    expect(outputOf(sandbox)).toBe('command=sync\nexit-code=0\n');
    expect(await runScript(sandbox, script, { ...tag, COMMAND: 'rm' })).toMatchObject({
      code: 2,
      stderr: 'command must be plan or sync, got rm\n',
    });
    const wrong = await runScript(sandbox, script, { ...tag, CONFIG: 'nowhere.yaml' });
    expect(wrong.code).toBe(2);
    expect(outputOf(sandbox)).toContain('exit-code=2');
  });
});

describe('the GitLab template', async () => {
  const template = parse(await readFile(`${project}templates/holdfast.gitlab-ci.yml`, 'utf8')) as {
    variables: Record<string, string>;
    '.holdfast': { before_script: string[] };
    'holdfast-plan': { script: string[] };
    'holdfast-sync': { script: string[] };
  };
  const { HOLDFAST_VERSION, HOLDFAST_CONFIG } = template.variables;
  const variables = { HOLDFAST_VERSION: HOLDFAST_VERSION!, HOLDFAST_CONFIG: HOLDFAST_CONFIG! };
  const job = (name: 'holdfast-plan' | 'holdfast-sync') =>
    [...template['.holdfast'].before_script, ...template[name].script].join('\n');

  test('plans on a merge request and delivers on a tag', async () => {
    await using sandbox = await createRunner();
    const planned = await runScript(sandbox, job('holdfast-plan'), variables);
    expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('2 to change') });
    expect(readFileSync(sandbox.path('source', 'holdfast-plan.txt'), 'utf8')).toBe(planned.stdout);
    expect(existsSync(sandbox.path('runner', 'gh.log'))).toBe(true);
    const synced = await runScript(sandbox, job('holdfast-sync'), variables);
    expect(synced).toMatchObject({ code: 0, stdout: expect.stringContaining('2 opened') });
  });

  test('a failure of the plan is the failure of its job', async () => {
    await using sandbox = await createRunner();
    const wrong = { ...variables, HOLDFAST_CONFIG: 'nowhere.yaml' };
    expect((await runScript(sandbox, job('holdfast-plan'), wrong)).code).toBe(2);
  });
});
