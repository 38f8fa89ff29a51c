import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { CommandContext } from './command-result.js';

/** Shows what is about to happen and asks once for all of it; without a terminal the answer is no. */
export async function askOnce(
  { surroundings: { stdin, stdout, stderr } }: CommandContext,
  shown: string,
  question: string,
): Promise<boolean> {
  if (!stdin.isTTY || !stdout.isTTY) return false;
  stdout.write(shown);
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      stderr.write(chunk.toString());
      done();
    },
  });
  const questions = createInterface({ input: stdin, output });
  try {
    const answer = await questions.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    questions.close();
  }
}
