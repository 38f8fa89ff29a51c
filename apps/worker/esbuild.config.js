// Bundles the worker. What an embedded worker does not need (PostgreSQL's driver, OIDC, tracing) lies in
// chunks of its own and is evaluated only where it is used.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const project = import.meta.dirname;
await rm(`${project}/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: project,
  entryPoints: { 'holdfast-worker': 'src/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  conditions: ['@holdfast/source'],
  // PGlite brings its own files; pg would take its native driver if it were there.
  external: ['@electric-sql/pglite', 'pg-native'],
  // No keepNames: the page's script is a function of the bundle, sent as its own source text.
  minify: true,
  legalComments: 'none',
  // CommonJS dependencies call `require` for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
