import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFleet, sampleEnvironment } from './build-fleet.js';
import { runProgram } from './run-program.js';

const bin = fileURLToPath(new URL('bin/holdfast.js', import.meta.resolve('holdfast/package.json')));

/** The present of the sample, in seconds: what it prints is the same at any time. */
const NOW = '1769508000';

/**
 * One command of the tour and what it printed.
 *
 * @typedef {{ title: string, command: string, output: string, exitCode: number }} Step
 */

/** What is said before a command, and the command. */
const steps = [
  ['What goes where: the targets, and a rule for each of them.', 'cat holdfast.yaml'],
  ['', 'cat rules/mobile.yaml'],
  [
    'Three repositories, each in its own state. Does one differ from what it received?',
    'holdfast drift',
  ],
  ['What would the newest release, v1.1.0, change?', 'holdfast plan'],
  ['Do it: one change request for each repository.', 'holdfast sync'],
  [
    'Change requests on local repositories live in those repositories themselves.',
    'holdfast requests list',
  ],
  ['The one where both sides had changed a file:', 'holdfast requests show acme/mobile'],
  ['Merge them.', 'holdfast requests merge acme/api'],
  ['', 'holdfast requests merge acme/mobile'],
  ['', 'holdfast requests merge acme/webapp'],
  ['Running again changes nothing.', 'holdfast sync'],
  ['Where everyone stands now:', 'holdfast status'],
  ['', 'holdfast drift'],
  [
    'Where does this file come from?',
    'holdfast why docs/handbook/incidents.md --target acme/mobile',
  ],
  ['Derive every delivered file again, and compare.', 'holdfast verify'],
];

/**
 * Builds the sample in a folder and runs the commands of the tour on it.
 *
 * @param {string} folder an empty folder
 * @param {{ show?: (step: Step) => void, color?: boolean }} [options] `show` is called after each step;
 *   `color`: print as to a terminal, default false
 * @returns {Promise<Step[]>}
 */
export async function takeTour(folder, { show = () => undefined, color = false } = {}) {
  const cwd = join(folder, 'handbook');
  const env = {
    ...sampleEnvironment,
    ...(color ? { FORCE_COLOR: '1' } : {}),
    SOURCE_DATE_EPOCH: NOW,
    HOLDFAST_STATE_DIR: join(folder, 'state'),
    HOLDFAST_CACHE_DIR: join(folder, 'cache'),
  };
  const holdfast = (/** @type {string[]} */ ...args) =>
    runProgram(process.execPath, [bin, ...args], { cwd, env });

  await buildFleet(folder, async (...args) => {
    const { exitCode, stderr } = await holdfast(...args);
    if (exitCode !== 0) throw new Error(`holdfast ${args.join(' ')} failed: ${stderr}`);
  });
  /** @type {Step[]} */
  const taken = [];
  for (const [title = '', command = ''] of steps) {
    const [program, ...args] = command.split(' ');
    const { stdout, stderr, exitCode } =
      program === 'cat' ? await showFile(join(cwd, args[0] ?? '')) : await holdfast(...args);
    const step = { title, command, output: stdout + stderr, exitCode };
    show(step);
    taken.push(step);
  }
  return taken;
}

/**
 * @param {string} path
 * @returns {Promise<import('./run-program.js').Finished>}
 */
async function showFile(path) {
  return { exitCode: 0, stdout: await readFile(path, 'utf8'), stderr: '' };
}
