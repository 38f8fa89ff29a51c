// Checks one publishable package as a user would install it: its exports and types (publint, attw), and
// that what is packed can be imported, every entry of it, from a folder of its own.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root, run } from './run.js';

const [, , directory] = process.argv;
const cwd = join(root, directory);
const { name, exports } = JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8'));

/** Unpacks the package where nothing but its dependencies is found, and imports its entries. */
async function importPacked() {
  // Below the project, whose own versions of dependencies count before the workspace's.
  const folder = join(cwd, 'node_modules/.cache/package-check', name);
  const installed = join(folder, 'node_modules', name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(installed, { recursive: true });
  const packed = await run('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd,
    quiet: true,
  });
  if (packed !== 0) return packed;
  const unpack = `tar -xzf "${folder}"/*.tgz --strip-components=1 -C "${installed}"`;
  const unpacked = await run('sh', ['-c', unpack], { quiet: true });
  if (unpacked !== 0) return unpacked;
  const entries = Object.keys(exports).filter((entry) => entry !== './package.json');
  const imports = entries.map((entry) => `await import(${JSON.stringify(name + entry.slice(1))});`);
  return run('node', ['--input-type=module', '-e', imports.join('\n')], {
    cwd: folder,
    quiet: true,
  });
}

const codes = [
  await run('publint', ['--strict'], { cwd, quiet: true }),
  await run('attw', ['--pack', '.', '--profile', 'esm-only'], { cwd, quiet: true }),
  await importPacked(),
];
process.exitCode = Math.max(...codes);
