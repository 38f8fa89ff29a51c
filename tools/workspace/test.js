// `npm test`: format, imports, what registries show, lint, types, tests and package checks of every project, then one line that counts the tests.
import { glob, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root, run } from './run.js';

const reports = '{packages,apps,tools}/*/reports/vitest.json';
for await (const report of glob(reports, { cwd: root })) await rm(join(root, report));

const format = await run('prettier', ['--check', '--cache', '--log-level', 'warn', '.']);
const imports = await run('node', ['tools/workspace/check-imports.js']);
const packages = await run('node', ['tools/workspace/check-packages.js']);
const checks = await run('nx', [
  'run-many',
  '-t',
  'build',
  'lint',
  'typecheck',
  'test',
  'package-check',
  '--output-style=stream',
]);

let passed = 0;
let failed = 0;
let skipped = 0;
for await (const report of glob(reports, { cwd: root })) {
  const result = JSON.parse(await readFile(join(root, report), 'utf8'));
  passed += result.numPassedTests;
  skipped += result.numPendingTests + result.numTodoTests;
  failed +=
    result.numTotalTests - result.numPassedTests - result.numPendingTests - result.numTodoTests;
}
if (format !== 0) console.log('Formatting: run `npm run format`.');
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = format || imports || packages || checks || (failed > 0 || passed === 0 ? 1 : 0);
