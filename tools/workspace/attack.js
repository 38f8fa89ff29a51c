// `npm run attack [PROJECT…]`: runs every attack of each project (`attack/*.test.ts`) at full size, and
// prints for each group how many were tried and how many held. Exits with 1 if one fell.
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root, run } from './run.js';

/** What a group is counted apart for. */
const engines = new Set(['program', 'embedded']);

const wanted = process.argv.slice(2);
const projects = new Set();
for await (const file of glob('{packages,apps}/*/attack/*.test.ts', { cwd: root })) {
  const [room, project] = file.split('/');
  if (wanted.length === 0 || wanted.includes(project)) projects.add(`${room}/${project}`);
}

const scratch = await mkdtemp(join(tmpdir(), 'holdfast-attack-'));
const groups = new Map();
const fallen = [];
try {
  for (const project of [...projects].sort()) await attack(project);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
report();

/** One project: its attacks are vitest's tests, and a file's first `describe` names the group. */
async function attack(project) {
  const file = join(scratch, `${basename(project)}.json`);
  const reporters = ['--reporter=json', `--outputFile.json=${file}`];
  const options = { quiet: true, cwd: join(root, project), env: { HOLDFAST_ATTACK: 'full' } };
  await run('vitest', ['run', 'attack/', '--testTimeout=1800000', ...reporters], options);
  const { testResults } = JSON.parse(await readFile(file, 'utf8'));
  for (const { name, message, assertionResults } of testResults) {
    if (assertionResults.length === 0) fallen.push(`${name}: ${message || 'it has no attack'}`);
    for (const result of assertionResults) count(basename(project), name, result);
  }
}

/** An attack that tries many at once says how many in `task.meta`. */
function count(project, file, { ancestorTitles, fullName, status, meta, failureMessages }) {
  const [name = basename(file, '.test.ts'), ...inner] = ancestorTitles;
  const title = `${project}: ${[name, ...inner.filter((each) => engines.has(each))].join(', ')}`;
  const group = groups.get(title) ?? { tried: 0, held: 0 };
  groups.set(title, group);
  const tried = meta?.tried ?? 1;
  group.tried += tried;
  group.held += status === 'passed' ? tried : Math.min(meta?.held ?? 0, tried - 1);
  if (status !== 'passed') fallen.push(`${project}: ${fullName}: ${failureMessages[0] ?? status}`);
}

function report() {
  const width = Math.max(5, ...Array.from(groups.keys(), (title) => title.length));
  console.log(`${'group'.padEnd(width)}   tried    held`);
  for (const [title, { tried, held }] of groups) {
    const mark = held < tried ? '  fell' : '';
    console.log(
      `${title.padEnd(width)}  ${`${tried}`.padStart(6)}  ${`${held}`.padStart(6)}${mark}`,
    );
  }
  for (const each of fallen) console.log(`\nfell: ${each}`);
  if (groups.size === 0) console.log('no attack was found');
  process.exitCode = fallen.length > 0 || groups.size === 0 ? 1 : 0;
}
