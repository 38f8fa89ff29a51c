import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeTour } from '../src/take-tour.js';
import type { Step } from '../src/take-tour.js';

const readme = fileURLToPath(new URL('../../../README.md', import.meta.url));

/** A block that begins with a command; what follows it is what the command prints. */
const CONSOLE = /```console\n\$ (.*)\n[^]*?```/g;

describe('the tour', () => {
  let folder = '';
  let steps: Step[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-tour-'));
    steps = await takeTour(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('in the README is what the commands print on the sample', async () => {
    const left = [...steps];
    const toured = (await readFile(readme, 'utf8')).replace(CONSOLE, (_block, command: string) => {
      const index = left.findIndex((step) => step.command === command);
      expect(index, `the tour runs ${command}`).toBeGreaterThanOrEqual(0);
      const [step] = left.splice(0, index + 1).slice(-1);
      return `\`\`\`console\n$ ${command}\n${step?.output.trimEnd()}\n\`\`\``;
    });
    await expect(toured).toMatchFileSnapshot(readme);
  });

  test('finds drift first, and none at the end', () => {
    const codes = steps.map(({ command, exitCode }) => `${exitCode} ${command}`);
    expect(codes.filter((code) => !code.startsWith('0 '))).toEqual(['1 holdfast drift']);
  });

  test('shows no path of this machine', () => {
    expect(steps.filter(({ output }) => output.includes(folder))).toEqual([]);
  });
});
