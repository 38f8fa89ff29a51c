// `node tools/workspace/check-imports.js`: no package has a circle of imports, types included, and rooms import downward.
import { glob, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import typescript from 'typescript';
import { findCircles } from './find-circles.js';
import { findUpwardImports } from './find-upward-imports.js';
import { root } from './run.js';

/** The folders of a package that stand on each other, the lowest first; files beside them are below all. */
const rooms = {
  'packages/fleet/src': [
    'forges',
    'open',
    'files',
    'here',
    'catalogue',
    'checks',
    'hooks',
    'import',
    'registry',
    'alerts',
  ],
  'packages/sync/src': [
    'source',
    'apply',
    'target',
    'file',
    'resolve',
    'item',
    'run',
    'look',
    'alerts',
    'catalogue',
    'rollback',
    'prune',
    'impact',
    'rollout',
  ],
};

const problems = [];
for await (const folder of glob('{packages,apps,tools}/*/src', { cwd: root })) {
  const imports = await readImports(folder);
  for (const circle of findCircles(imports)) {
    problems.push(`${folder}: ${circle.join(' → ')} is a circle of imports`);
  }
  for (const { from, to } of findUpwardImports(imports, rooms[folder] ?? [])) {
    problems.push(
      `${folder}: ${from} imports ${to}, which stands above it; the rooms are, the lowest first: ${rooms[folder].join(', ')}`,
    );
  }
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** The files of a source folder by path, each with the files of it that it imports. */
async function readImports(folder) {
  const imports = new Map();
  for await (const file of glob('**/*.{ts,tsx}', { cwd: join(root, folder) })) {
    if (/\.test\.tsx?$/.test(file)) continue;
    const path = join(root, folder, file);
    // What is loaded when it runs, by import(…), orders nothing.
    const text = (await readFile(path, 'utf8')).replaceAll(/\bimport\(/g, 'load(');
    const { importedFiles } = typescript.preProcessFile(text, true, true);
    const own = importedFiles
      .map(({ fileName }) => fileName)
      .filter((name) => name.startsWith('.'))
      .map((name) => relative(join(root, folder), join(dirname(path), name)))
      .map((name) => name.replace(/\.js(x?)$/, '.ts$1'));
    imports.set(file, own);
  }
  return imports;
}
