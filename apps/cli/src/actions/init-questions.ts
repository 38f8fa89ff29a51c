import { createInterface } from 'node:readline';
import { CliError } from '../cli-error.js';
import type { Surroundings } from '../surroundings.js';
import { readTarget } from './init-answers.js';
import type { InitAnswers, InitInput } from './init-answers.js';

/** Asks what the input does not say already; an empty answer takes the default. */
export async function askQuestions(
  defaults: InitAnswers,
  input: InitInput,
  { stdin, stderr }: Pick<Surroundings, 'stdin' | 'stderr'>,
): Promise<InitAnswers> {
  const lines = createInterface({ input: stdin, terminal: false });
  const iterator = lines[Symbol.asyncIterator]();
  const ask = async (question: string, given: string | undefined, standard: string) => {
    if (given !== undefined) return given;
    stderr.write(`${question} [${standard}] `);
    const { value, done } = (await iterator.next()) as { value?: string; done?: boolean };
    if (done) {
      stderr.write('\n');
      throw new CliError(
        'interrupted',
        'the input ended before all questions were answered; nothing was written',
        {
          hint: 'answer them, or take the defaults with --yes',
        },
      );
    }
    return value?.trim() || standard;
  };
  try {
    const source = await ask('Which files are delivered (a glob)?', input.source, defaults.source);
    const first = `${defaults.target}=${defaults.location}`;
    const target = await ask('The first target, as name=path or name=URL?', input.target, first);
    const targetPath = await ask('Into which folder there?', input.targetPath, defaults.targetPath);
    const namespace = await ask(
      'The prefix of branches, labels and folders?',
      input.namespace,
      defaults.namespace,
    );
    return { ...defaults, ...readTarget(target), source, targetPath, namespace };
  } finally {
    lines.close();
  }
}
