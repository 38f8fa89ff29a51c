#!/usr/bin/env node
// Runs the built command line, dist/holdfast.js.
import { existsSync } from 'node:fs';
import * as module from 'node:module';

const wanted = [22, 22];
const [major, minor] = process.versions.node.split('.').map(Number);
const bundle = new URL('../dist/holdfast.js', import.meta.url);

if (major < wanted[0] || (major === wanted[0] && minor < wanted[1])) {
  console.error(
    `holdfast needs Node.js ${wanted.join('.')} or newer, this is ${process.versions.node}; install one from https://nodejs.org`,
  );
  process.exitCode = 3;
} else if (!existsSync(bundle)) {
  console.error('holdfast is not built yet; build it with: npx nx build cli');
  process.exitCode = 3;
} else {
  module.enableCompileCache?.();
  await import(bundle.href);
}
