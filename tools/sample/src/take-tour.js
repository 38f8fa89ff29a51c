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

/** @type {readonly (readonly [title: string, ...args: string[]])[]} */
const steps = [
  [
    'Three repositories carry the handbook, each in its own state. Does any differ from what it received?',
    'drift',
  ],
  ['What would the newest release, v1.1.0, change?', 'plan'],
  ['Do it: one change request for each repository.', 'sync'],
  [
    'Change requests on local repositories live in those repositories themselves.',
    'requests',
    'list',
  ],
  ['The one where both sides had changed a file:', 'requests', 'show', 'acme/mobile'],
  ['Merge them.', 'requests', 'merge', 'acme/api'],
  ['', 'requests', 'merge', 'acme/mobile'],
  ['', 'requests', 'merge', 'acme/webapp'],
  ['Running again changes nothing.', 'sync'],
  ['Where everyone stands now:', 'status'],
  ['', 'drift'],
  [
    'Where does this file come from?',
    'why',
    'docs/handbook/incidents.md',
    '--target',
    'acme/mobile',
  ],
  ['Derive every delivered file again, and compare.', 'verify'],
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
  for (const [title, ...args] of steps) {
    const { stdout, stderr, exitCode } = await holdfast(...args);
    const step = {
      title,
      command: `holdfast ${args.join(' ')}`,
      output: stdout + stderr,
      exitCode,
    };
    show(step);
    taken.push(step);
  }
  return taken;
}
