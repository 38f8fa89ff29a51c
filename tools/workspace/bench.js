// `npm run bench [PROJECT…] [-- OPTION…]`: builds, then runs the benchmark of every project (or of those
// named), which gets the options and what follows them.
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { root, run } from './run.js';

const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith('-'));
const wanted = firstOption < 0 ? words : words.slice(0, firstOption);
const options = firstOption < 0 ? [] : words.slice(firstOption);
const built = await run('nx', ['run-many', '-t', 'build'], { quiet: true });
if (built !== 0) process.exit(built);

const entries = [];
for await (const entry of glob('{packages,apps}/*/bench/index.{js,ts}', { cwd: root }))
  entries.push(entry);
let worst = 0;
for (const entry of entries.sort()) {
  const project = entry.split('/')[1];
  if (wanted.length > 0 && !wanted.includes(project)) continue;
  console.log(`\n# ${project}\n`);
  worst = Math.max(worst, await run('node', [join(root, entry), ...options]));
}
process.exitCode = worst;
