// `npm run bench [PROJECT…]`: builds, then runs the benchmark of every project (or of those named).
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { root, run } from './run.js';

const wanted = process.argv.slice(2);
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
  worst = Math.max(worst, await run('node', [join(root, entry)]));
}
process.exitCode = worst;
