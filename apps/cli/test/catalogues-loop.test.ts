import { spawn } from 'node:child_process';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createStandIn } from '@holdfast/forge-stand-in';
import { describe, expect, test } from 'vitest';
import {
  changed,
  CONFIGURATION,
  createLoop,
  documentOf,
  edit,
  here,
  pullAndCommit,
  ROOT,
} from './catalogue-loop.js';
import type { Model } from './catalogue-source.js';
import { json, model, sourceFiles } from './catalogue-source.js';
import type { Sandbox } from './sandbox.js';

/** The source of a loop: who else commits to it, and how it is called in the configuration. */
interface Upstream extends AsyncDisposable {
  readonly url: string;
  readonly forge: 'embedded' | 'github';
  readonly environment: Record<string, string>;
  commit(files: Record<string, string>): Promise<void>;
  show(path: string): Promise<string>;
  /** What the forge says is wrong with how it was spoken to. */
  violations(): readonly unknown[];
}

async function embedded(sandbox: Sandbox): Promise<Upstream> {
  return {
    url: '../catalogue.git',
    forge: 'embedded',
    environment: {},
    commit: async (files) => void (await sandbox.commit('catalogue.git', 'Theirs', files)),
    show: (path) => sandbox.show('catalogue.git', 'main', path),
    violations: () => [],
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function github(sandbox: Sandbox): Promise<Upstream> {
  const standIn = await createStandIn('github', { directory: sandbox.path('forge') });
  const name = 'we-money/brightmatch-data-catalogue';
  standIn.world.tokens.set('secret-token', 'holdfast');
  const { git } = standIn.world.add(name);
  git.commit('main', sourceFiles());
  return {
    url: standIn.url(name),
    forge: 'github',
    environment: { HOLDFAST_GIT_TOKEN_127_0_0_1: 'secret-token' },
    commit: async (files) => void git.commit('main', files),
    show: async (path) => `${git.git('show', `main:${path}`)}\n`,
    violations: () => standIn.violations,
    [Symbol.asyncDispose]: () => standIn.close(),
  };
}

describe.each([
  ['the embedded forge', embedded],
  ['GitHub', github],
])('on %s', (_, open) => {
  test(
    'ten rounds of pull, edit, validate, push, merge, pull lose nothing of either side',
    { timeout: 400_000 },
    async () => {
      await using sandbox = await createLoop();
      await using upstream = await open(sandbox);
      await writeFile(
        sandbox.path('source/holdfast.yaml'),
        CONFIGURATION.replace(
          'repo: ../catalogue.git',
          `repo: "${upstream.url}", forge: ${upstream.forge}`,
        ),
      );
      const environment = {
        ...upstream.environment,
        GIT_COMMITTER_NAME: 'Ada',
        GIT_COMMITTER_EMAIL: 'ada@example.com',
      };
      const holdfast = (...args: string[]) => sandbox.holdfast(args, { environment });
      const source = sandbox.path('source');
      const by = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
      await sandbox.git(source, ...by, 'commit', '-qam', 'Configure');
      expect(await holdfast('pull', '--commit')).toMatchObject({ exitCode: 0 });
      const random = randomOf(16);
      const wanted: [path: string, field: string][] = [];
      const names = Object.keys(sourceFiles())
        .filter((path) => path.startsWith('models/'))
        .map((path) => path.split('/')[1] ?? '');
      for (let round = 0; round < 10; round += 1) {
        const mine = names[random(names.length)] ?? '';
        const theirs = names[random(names.length)] ?? '';
        const localPath = `ontology/objects/${mine}/_root.json`;
        const add = (text: string, field: string) => {
          const { fields, ...rest } = JSON.parse(text) as Model;
          return json({ ...rest, fields: { ...fields, [field]: { type: 'string' } } });
        };
        await edit(
          sandbox,
          localPath,
          add(await readFile(here(sandbox, localPath), 'utf8'), `mine_${round}`),
        );
        wanted.push([localPath, `mine_${round}`]);
        await upstream.commit({
          [`models/${theirs}/_root.json`]: add(
            await upstream.show(`models/${theirs}/_root.json`),
            `theirs_${round}`,
          ),
        });
        wanted.push([`ontology/objects/${theirs}/_root.json`, `theirs_${round}`]);
        if (random(2) === 0) expect(await holdfast('pull')).toMatchObject({ exitCode: 0 });
        expect(await holdfast('validate', ROOT)).toMatchObject({ exitCode: 0 });
        const pushed = await holdfast('push', '--yes', '--json');
        expect(documentOf(pushed)).toMatchObject({ outcome: 'opened', problems: [] });
        const shown = await holdfast('requests', 'show', 'data-catalogue');
        expect(shown.stdout).toContain(`${mine}: field mine_${round} added`);
        expect(await holdfast('requests', 'merge', 'data-catalogue')).toMatchObject({
          exitCode: 0,
        });
        expect(await holdfast('pull', '--commit')).toMatchObject({ exitCode: 0 });
        expect((await holdfast('drift')).stdout).toMatch(/^IN_SYNC: [0-9a-f]{40}\n$/);
        expect(await changed(sandbox)).toBe('');
        for (const [path, field] of wanted) {
          const text = await readFile(here(sandbox, path), 'utf8');
          expect(text, `${path} after round ${round}`).toContain(`"${field}"`);
          expect(await upstream.show(path.replace('ontology/objects', 'models'))).toBe(text);
        }
      }
      expect(upstream.violations()).toEqual([]);
    },
  );
});

function randomOf(seed: number) {
  let state = seed;
  return (n: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state % n;
  };
}

const bin = fileURLToPath(new URL('../bin/holdfast.js', import.meta.url));

/** Runs the built command and kills it, with all that it started, after so many milliseconds. */
async function killed(sandbox: Sandbox, args: readonly string[], after: number): Promise<boolean> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: sandbox.path('source'),
    env: {
      PATH: process.env['PATH'],
      HOME: sandbox.folder,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.com',
      HOLDFAST_STATE_DIR: sandbox.path('state'),
      HOLDFAST_CACHE_DIR: sandbox.path('cache'),
      HOLDFAST_DATA_DIR: sandbox.path('data'),
    },
    stdio: 'ignore',
    detached: true,
  });
  const timer = setTimeout(
    () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'),
    after,
  );
  const signal = await new Promise((resolve) => child.on('close', (_code, name) => resolve(name)));
  clearTimeout(timer);
  return signal === 'SIGKILL';
}

async function readTree(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, string>();
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1), await readFile(path, 'utf8'));
  }
  return new Map([...files].sort());
}

/** How many kills; each costs two runs. */
const KILLS = Number(process.env['HOLDFAST_KILLS'] ?? 6);

test(
  'killed at any moment, a pull leaves the old state or the new',
  { timeout: 3_600_000 },
  async () => {
    await using sandbox = await createLoop();
    await pullAndCommit(sandbox);
    await edit(sandbox, 'docs/CATALOGUE_CLAUDE.md', '# Mine\n');
    const folder = sandbox.path('source', ROOT);
    const before = await readTree(folder);
    const files: Record<string, string> = {};
    for (let index = 0; index < 400; index += 1)
      files[`models/more_${index}/_root.json`] = model(`more_${index}`, { id: 'string' });
    await sandbox.commit('catalogue.git', 'Many', { ...files, 'models/fee/_root.json': null });
    await cp(folder, sandbox.path('kept'), { recursive: true });
    const started = Date.now();
    await killed(sandbox, ['pull'], 3_600_000);
    const whole = Date.now() - started;
    const after = await readTree(folder);
    const random = randomOf(7);
    const seen = new Set<string>();
    for (let run = 0; run < KILLS; run += 1) {
      await rm(folder, { recursive: true });
      await cp(sandbox.path('kept'), folder, { recursive: true });
      await killed(sandbox, ['pull'], Math.round((whole * (35 + random(65))) / 100));
      // The next command, whichever it is, finishes what was begun or forgets it.
      await sandbox.holdfast(['drift', '--json']);
      const left = await readTree(folder);
      const isNew = left.size === after.size;
      seen.add(isNew ? 'new' : 'old');
      expect([...left]).toEqual([...(isNew ? after : before)]);
      expect(await sandbox.holdfast(['pull'])).toMatchObject({ exitCode: 0 });
      expect([...(await readTree(folder))]).toEqual([...after]);
    }
    expect(seen.size).toBeGreaterThan(0);
  },
);

test(
  'killed at any moment, a push leaves nothing or the whole, and the next one request',
  { timeout: 3_600_000 },
  async () => {
    await using sandbox = await createLoop();
    await pullAndCommit(sandbox);
    await edit(sandbox, 'docs/CATALOGUE_CLAUDE.md', '# Mine\n');
    const random = randomOf(9);
    const main = await sandbox.git(sandbox.path('catalogue.git'), 'rev-parse', 'main');
    const started = Date.now();
    await killed(sandbox, ['push', '--dry-run'], 3_600_000);
    const whole = Date.now() - started;
    for (let run = 0; run < KILLS; run += 1) {
      await edit(sandbox, 'docs/CATALOGUE_CLAUDE.md', `# Mine ${run}\n`);
      await killed(sandbox, ['push', '--yes'], Math.round((whole * (50 + random(90))) / 100));
      expect(await sandbox.git(sandbox.path('catalogue.git'), 'rev-parse', 'main')).toBe(main);
      await sandbox.git(sandbox.path('catalogue.git'), 'fsck', '--connectivity-only');
      const pushed = documentOf<{ request: { number: number } }>(
        await sandbox.holdfast(['push', '--yes', '--json']),
      );
      expect(pushed).toMatchObject({ request: { number: 1 } });
      expect(await sandbox.show('catalogue.git', 'holdfast-push/data-catalogue', 'CLAUDE.md')).toBe(
        `# Mine ${run}\n`,
      );
    }
  },
);
