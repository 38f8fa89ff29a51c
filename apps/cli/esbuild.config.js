// Bundles the command line; a command's code is evaluated only when that command runs.
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const project = import.meta.dirname;
await rm(`${project}/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: project,
  // The worker of schemas extract is a file of its own.
  entryPoints: {
    holdfast: 'src/main.ts',
    'extract-worker': '../../packages/type-schemas/src/extract-worker.ts',
  },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  conditions: ['@holdfast/source'],
  minify: true,
  keepNames: true,
  legalComments: 'none',
  // CommonJS dependencies call `require` for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});

const { stdout } = await promisify(execFile)(process.execPath, [
  `${project}/dist/holdfast.js`,
  'help',
  '--man',
]);
await writeFile(`${project}/dist/holdfast.1`, stdout);
