// `node tools/workspace/check-packages.js [--write]`: what registries show of each published package follows
// from the root's package.json, and no changeset forgets the command line that bundles a library.
import { glob, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findForgottenBundles } from './find-forgotten-bundles.js';
import { root } from './run.js';

const write = process.argv.includes('--write');
const problems = [];
const workspace = await readJson('package.json');
const packages = new Map();
for await (const file of glob('{packages,apps}/*/package.json', { cwd: root }))
  packages.set(file, await readJson(file));

for (const [file, manifest] of packages) {
  const directory = dirname(file);
  const expected = {
    homepage: workspace.homepage.replace('#readme', `/tree/main/${directory}#readme`),
    bugs: workspace.bugs,
    license: workspace.license,
    author: workspace.author,
    repository: { ...workspace.repository, directory },
    engines: workspace.engines,
    publishConfig: { access: 'public' },
  };
  const different = Object.keys(expected).filter(
    (key) => JSON.stringify(manifest[key]) !== JSON.stringify(expected[key]),
  );
  if (write && different.length > 0) {
    await writeFile(join(root, file), `${JSON.stringify({ ...manifest, ...expected }, null, 2)}\n`);
  } else {
    for (const key of different)
      problems.push(
        `${file}: ${key} is ${JSON.stringify(manifest[key])}, expected ${JSON.stringify(expected[key])}; run node tools/workspace/check-packages.js --write`,
      );
  }
  if (!(manifest.keywords?.length >= 3))
    problems.push(`${file}: fewer than three keywords; name what people would search for`);
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
    if (manifest.scripts?.[script] !== undefined)
      problems.push(
        `${file}: has a ${script} script; a published package runs nothing when installed`,
      );
  }
  // Where there are entries to import, a tool may drop what is not used, and go to the source.
  if (Object.keys(manifest.exports).some((entry) => entry !== './package.json')) {
    if (manifest.sideEffects === undefined) problems.push(`${file}: sideEffects is not said`);
    if (!manifest.files.includes('src'))
      problems.push(`${file}: files lacks "src", which declaration maps lead to`);
  }
}

const changesets = [];
for await (const file of glob('.changeset/*.md', { cwd: root }))
  changesets.push({ file, text: await readFile(join(root, file), 'utf8') });
for (const { file, library } of findForgottenBundles([...packages.values()], changesets))
  problems.push(`${file}: names ${library}, which holdfast bundles, but not holdfast; add it`);

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

async function readJson(file) {
  return JSON.parse(await readFile(join(root, file), 'utf8'));
}
