import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createFleet, createSandbox } from './sandbox.js';

const project = fileURLToPath(new URL('..', import.meta.url));
const bin = `${project}bin/holdfast.js`;
const bundle = `${project}dist/holdfast.js`;
if (!existsSync(bundle)) {
  throw new Error('the bundle is not built; build it with: node apps/cli/esbuild.config.js');
}

const execute = promisify(execFile);

function start(
  args: readonly string[],
  cwd: string,
  more: { environment?: object; node?: string[] } = {},
) {
  return execute(process.execPath, [...(more.node ?? []), bin, ...args], {
    cwd,
    env: { ...process.env, HOME: cwd, ...more.environment },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      stdout: error.stdout,
      stderr: error.stderr,
    }),
  );
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly ranges: readonly {
        readonly startOffset: number;
        readonly endOffset: number;
        readonly count: number;
      }[];
    }[];
  }[];
}

/** How much of the bundle's text is in functions that ran, as a part of 1; nested ones count twice. */
async function readCoverage(folder: string): Promise<number> {
  const { size } = await stat(bundle);
  let ran = 0;
  for (const name of await readdir(folder)) {
    const { result } = JSON.parse(await readFile(join(folder, name), 'utf8')) as Coverage;
    const script = result.find(({ url }) => url === pathToFileURL(bundle).href);
    for (const {
      ranges: [whole],
    } of script?.functions.slice(1) ?? []) {
      if (whole && whole.count > 0) ran += whole.endOffset - whole.startOffset;
    }
  }
  return ran / size;
}

describe('the bundle', () => {
  test('runs a whole job', async () => {
    await using sandbox = await createFleet();
    const source = sandbox.path('source');
    const environment = {
      HOLDFAST_STATE_DIR: sandbox.path('state'),
      HOLDFAST_CACHE_DIR: sandbox.path('cache'),
    };
    for (const [args, code, words] of [
      [['plan'], 0, '2 to change'],
      [['sync'], 0, '2 opened'],
      [['requests', 'merge', 'org/api'], 0, 'merged into main'],
      [['requests', 'merge', 'org/web'], 0, 'merged into main'],
      [['drift'], 0, 'IN_SYNC'],
      [['status'], 0, 'Current'],
      [['verify'], 0, 'VERIFIED'],
      [['why', 'standards/guide.md', '--target', 'org/api'], 0, 'as delivered'],
      [['plan', 'nope'], 2, ''],
    ] as const) {
      const finished = await start(args, source, { environment });
      expect({ args, code: finished.code }).toEqual({ args, code });
      expect(finished.stdout).toContain(words);
    }
  });

  test('evaluates a command’s code only when that command runs', async () => {
    await using sandbox = await createFleet();
    const evaluated = async (...args: string[]) => {
      const folder = sandbox.path(`coverage-${args[0]}`);
      const environment = { NODE_V8_COVERAGE: folder, HOLDFAST_STATE_DIR: sandbox.path('state') };
      await start(args, sandbox.path('source'), { environment });
      return readCoverage(folder);
    };
    expect(await evaluated('--help')).toBeLessThan(0.02);
    expect(await evaluated('drift')).toBeGreaterThan(0.1);
  });

  test('ends quietly when nobody reads on', async () => {
    await using sandbox = await createFleet();
    const child = spawn(process.execPath, [bin, 'plan', '--json'], { cwd: sandbox.path('source') });
    child.stdout.destroy();
    const stderr: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, stderr: Buffer.concat(stderr).toString() }).toEqual({ code: 0, stderr: '' });
  });

  test('an interruption ends it with a word and the signal’s exit code', async () => {
    await using sandbox = await createFleet();
    await rm(sandbox.path('source/holdfast.yaml'));
    const child = spawn(process.execPath, [bin, 'init'], { cwd: sandbox.path('source') });
    const stderr: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => {
      stderr.push(chunk.toString());
      if (stderr.length === 1) child.kill('SIGINT'); // it waits for the first answer
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(130);
    expect(stderr.join('')).toContain('interrupted: what is written is whole');
  });

  test('takes the present from SOURCE_DATE_EPOCH', async () => {
    await using sandbox = await createFleet();
    const environment = {
      SOURCE_DATE_EPOCH: '1770000000',
      HOLDFAST_STATE_DIR: sandbox.path('state'),
    };
    await start(['sync', 'api'], sandbox.path('source'), { environment });
    const { stdout } = await start(
      ['requests', 'show', 'org/api', '--json'],
      sandbox.path('source'),
      { environment },
    );
    expect(JSON.parse(stdout)).toMatchObject({
      request: { createdAt: '2026-02-02T02:40:00Z' },
    });
  });
});

test('the packed package runs on its own', async () => {
  await using sandbox = await createFleet();
  const npm = ['pack', '--silent', '--ignore-scripts', '--pack-destination', sandbox.folder];
  const { stdout: name } = await execute('npm', npm, { cwd: project });
  await execute('tar', ['-xzf', sandbox.path(name.trim())], { cwd: sandbox.folder });
  const { stdout } = await execute(
    process.execPath,
    [sandbox.path('package/bin/holdfast.js'), 'plan'],
    {
      cwd: sandbox.path('source'),
    },
  );
  expect(stdout).toContain('2 to change');
});

describe('the entry', () => {
  test('says what to do when nothing is built', async () => {
    await using sandbox = await createSandbox();
    await mkdir(sandbox.path('bin'));
    await cp(bin, sandbox.path('bin/holdfast.js'));
    await writeFile(sandbox.path('package.json'), '{ "type": "module" }');
    const result = execute(process.execPath, [sandbox.path('bin/holdfast.js')]);
    await expect(result).rejects.toMatchObject({
      code: 3,
      stderr: 'holdfast is not built yet; build it with: npx nx build cli\n',
    });
  });

  test('says which Node it needs', async () => {
    await using sandbox = await createSandbox();
    const older = sandbox.path('older.mjs');
    await writeFile(
      older,
      `Object.defineProperty(process.versions, 'node', { value: '20.19.2' });`,
    );
    const { code, stderr } = await start(['--help'], sandbox.folder, { node: ['--import', older] });
    expect(code).toBe(3);
    expect(stderr).toContain('holdfast needs Node.js 22.22 or newer, this is 20.19.2');
    const { engines } = JSON.parse(await readFile(`${project}package.json`, 'utf8')) as {
      engines: { node: string };
    };
    expect(engines.node).toBe('>=22.22.2');
  });
});
