/**
 * `node bench/index.ts` times the store against the `sqlite3` program, and 500 unchanged skills against a
 * shell loop that generates them the described way. `KEYS` and `SKILLS` set other sizes.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { discoverSkills, generateSkills, openStore } from '@holdfast/skill-sync';

const keys = Number(process.env['KEYS'] ?? 1_000_000);
const skillCount = Number(process.env['SKILLS'] ?? 500);
const root = mkdtempSync(join(tmpdir(), 'holdfast-skill-sync-bench-'));

try {
  console.table(timeLists());
  console.table(await timeSkills());
} finally {
  rmSync(root, { recursive: true, force: true });
}

/** Milliseconds: the median of some runs. */
async function median(runs: number, body: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await body();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[runs >> 1] ?? 0;
}

function timeSync(runs: number, body: () => unknown): number {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    body();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[runs >> 1] ?? 0;
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

/** A prefix of 100 keys among all, by the library, by the program, and by LIKE as the described system asks. */
function timeLists(): object[] {
  const file = join(root, 'million.db');
  const store = openStore(file);
  store.importEntries(rows());
  const prefix = 'notes:entry:000042*';
  const found = store.list([prefix]).length;
  const database = new DatabaseSync(file, { readOnly: true });
  const plan = database
    .prepare('EXPLAIN QUERY PLAN SELECT * FROM runtime_kv WHERE key GLOB ? ORDER BY key')
    .get(prefix) as { detail: string };
  const like = database.prepare('SELECT * FROM runtime_kv WHERE key LIKE ? ORDER BY key');
  const sqlite3 = (sql: string) => execFileSync('sqlite3', ['-json', '-readonly', file, sql]);
  const glob = "SELECT * FROM runtime_kv WHERE key GLOB 'notes:entry:000042*' ORDER BY key";
  const likeSql = "SELECT * FROM runtime_kv WHERE key LIKE 'notes:entry:000042%' ORDER BY key";
  const times = {
    'store.list, store open': timeSync(50, () => store.list([prefix])),
    'openStore, list, close': timeSync(20, () => {
      const reader = openStore(file, { access: 'read' });
      reader.list([prefix]);
      reader.close();
    }),
    'LIKE, in process (the described way)': timeSync(5, () => like.all('notes:entry:000042%')),
    'sqlite3 program, GLOB': timeSync(10, () => sqlite3(glob)),
    'sqlite3 program, LIKE': timeSync(5, () => sqlite3(likeSql)),
  };
  console.log(`${keys} keys, ${found} of the prefix; ${plan.detail}`);
  store.close();
  return Object.entries(times).map(([way, ms]) => ({ way, ms: round(ms) }));
}

function* rows(): Generator<{ key: string; value: string }> {
  const value = JSON.stringify({ title: 'A note', body: 'x'.repeat(100) });
  for (let index = 0; index < keys; index++) {
    yield { key: `notes:entry:${String(index).padStart(8, '0')}`, value };
  }
}

/** Skills of which nothing changed, and the same generators in a shell loop. */
async function timeSkills(): Promise<object[]> {
  const data = join(root, 'data');
  const file = join(data, 'state.db');
  mkdirSync(data, { recursive: true });
  const store = openStore(file);
  store.importEntries(
    Array.from({ length: skillCount * 10 }, (_, index) => ({
      key: `skill-${index % skillCount}:${index}`,
      value: '{"title":"A note"}',
    })),
  );
  const starts = join(root, 'starts');
  writeFileSync(starts, '');
  const shim = join(root, 'bin', 'ambrogioctl');
  mkdirSync(join(root, 'bin'));
  writeFileSync(
    shim,
    `#!/bin/sh\nexec sqlite3 -json -readonly '${file}' "SELECT * FROM runtime_kv WHERE key GLOB '$4' ORDER BY key"\n`,
  );
  chmodSync(shim, 0o755);
  for (let index = 0; index < skillCount; index++) addSkill(index, starts);
  const { skills } = await discoverSkills({ cwd: root, outputRoots: [data], uid: userInfo().uid });
  const options = {
    store,
    location: { file, kind: 'named' },
    command: [shim],
    environment: { PATH: process.env['PATH'] },
    jobs: 2,
  } as const;
  const command = ['sh', '-c', `shift; exec '${shim}' state "$@"`, 'x'];
  const first = await median(1, () => generateSkills(skills, { ...options, command }));
  const startedFirst = countLines(starts);
  const outcomes = await generateSkills(skills, options);
  const unchanged = await median(5, () => generateSkills(skills, options));
  const found = await median(5, () =>
    discoverSkills({ cwd: root, outputRoots: [data], uid: userInfo().uid }),
  );
  const startedAfter = countLines(starts) - startedFirst;
  const loop = await median(1, () =>
    execFileSync(
      'sh',
      [
        '-c',
        `for skill in '${root}'/skills/*; do SYNC_PATTERNS="$(basename "$skill"):*" SYNC_OUTPUT_FILE="$skill/../../loop.md" "$skill/sync.sh"; done`,
      ],
      {
        env: { PATH: `${join(root, 'bin')}:${process.env['PATH']}` },
      },
    ),
  );
  console.log(
    `${skills.length} skills: ${startedFirst} generators started at first, ${startedAfter} after (${outcomes.filter(({ kind }) => kind === 'current').length} current)`,
  );
  return [
    { way: 'discover and check', ms: round(found) },
    { way: 'generate, nothing changed', ms: round(unchanged) },
    { way: 'generate for the first time, two at a time', ms: round(first) },
    { way: 'shell loop, the described way', ms: round(loop) },
  ];
}

function addSkill(index: number, starts: string): void {
  const folder = join(root, 'skills', `skill-${index}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'SYNC.json'),
    JSON.stringify({
      version: '1',
      outputFile: join(root, 'data', `${index}.md`),
      patterns: [`skill-${index}:*`],
      generator: './sync.sh',
    }),
  );
  writeFileSync(
    join(folder, 'sync.sh'),
    `#!/bin/sh\nset -e\necho x >> '${starts}'\nambrogioctl state list --pattern "$SYNC_PATTERNS" --json > "$SYNC_OUTPUT_FILE"\n`,
  );
  chmodSync(join(folder, 'sync.sh'), 0o755);
}

function countLines(file: string): number {
  return (
    execFileSync('wc', ['-l', file], { encoding: 'utf8' }).trim().split(' ').map(Number)[0] ?? 0
  );
}
