#!/usr/bin/env node
// Runs the built worker, dist/holdfast-worker.js.
import { existsSync } from 'node:fs';
import * as module from 'node:module';

const wanted = [22, 22];
const [major, minor] = process.versions.node.split('.').map(Number);
const built = new URL('../dist/holdfast-worker.js', import.meta.url);

if (major < wanted[0] || (major === wanted[0] && minor < wanted[1])) {
  console.error(
    `holdfast-worker needs Node.js ${wanted.join('.')} or newer, this is ${process.versions.node}; install one from https://nodejs.org`,
  );
  process.exitCode = 3;
} else if (!existsSync(built)) {
  console.error('holdfast-worker is not built yet; build it with: npx nx build worker');
  process.exitCode = 3;
} else {
  module.enableCompileCache?.();
  const { main } = await import(built.href);
  await main();
}
