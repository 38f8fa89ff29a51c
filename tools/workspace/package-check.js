// Checks one publishable package as a user would install it: its exports, types and files (publint, attw).
import { run } from './run.js';

const [, , directory] = process.argv;
const cwd = new URL(`../../${directory}/`, import.meta.url).pathname;
const codes = [
  await run('publint', ['--strict'], { cwd, quiet: true }),
  await run('attw', ['--pack', '.', '--profile', 'esm-only'], { cwd, quiet: true }),
];
process.exitCode = Math.max(...codes);
