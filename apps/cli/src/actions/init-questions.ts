import { createInterface } from 'node:readline';
import { CliError } from '../cli-error.js';
import type { Surroundings } from '../surroundings.js';
import { readTarget } from './init-answers.js';
import type { InitAnswers, InitInput, InitTarget } from './init-answers.js';

/** What is wrong with answers, in a line; undefined where nothing is. */
export type CheckAnswers = (answers: InitAnswers) => Promise<string | undefined>;

/** An answer is asked for so often. */
const MAX_TRIES = 5;

/**
 * Asks what the input does not say already; an empty answer takes what is proposed. Each answer is
 * checked as it is given, and asked for again where it cannot be used.
 */
export async function askQuestions(
  proposed: InitAnswers,
  input: InitInput,
  {
    stdin,
    stderr,
    check,
    complete,
  }: Pick<Surroundings, 'stdin' | 'stderr'> & {
    readonly check: CheckAnswers;
    /** What follows from answers, like how links are written. */
    readonly complete: (answers: InitAnswers) => Promise<InitAnswers>;
  },
): Promise<InitAnswers> {
  const lines = createInterface({ input: stdin, terminal: false });
  const iterator = lines[Symbol.asyncIterator]();
  const answer = async (question: string, standard: string) => {
    stderr.write(`${question} [${standard}] `);
    const { value, done } = (await iterator.next()) as { value?: string; done?: boolean };
    if (!done) return value?.trim() || standard;
    stderr.write('\n');
    throw new CliError(
      'interrupted',
      'the input ended before all questions were answered; nothing was written',
      { hint: 'answer them, or take what is proposed with --yes' },
    );
  };
  const ask = async (
    question: string,
    standard: string,
    take: (text: string) => InitAnswers,
  ): Promise<InitAnswers> => {
    for (let tries = 1; ; tries++) {
      const text = await answer(question, standard);
      const problem = await problemOf(text, take, check);
      if (problem === undefined) return take(text);
      stderr.write(`  ${problem}\n`);
      if (tries === MAX_TRIES) {
        throw new CliError('bad-argument', 'no answer could be used; nothing was written', {
          hint: 'give it as an option: holdfast help init',
        });
      }
    }
  };
  try {
    let answers = proposed;
    if (input.releaseTags === undefined) {
      answers = await ask('Which tags are releases?', answers.releaseTags, (releaseTags) => ({
        ...answers,
        releaseTags,
      }));
      answers = await complete(input.source === undefined ? { ...answers, source: '' } : answers);
    }
    if (input.source === undefined) {
      answers = await ask('Which files are delivered (a glob)?', answers.source, (source) => ({
        ...answers,
        source,
      }));
    }
    answers = await complete(answers);
    if (input.target === undefined) {
      const [{ name, location }] = answers.targets;
      const first = 'The first target, as name=path or name=URL?';
      answers = await ask(first, `${name}=${location}`, (text) => ({
        ...answers,
        targets: [readTarget(text)],
      }));
      for (let more = true; more;) {
        const before = answers;
        answers = await ask('Another target (empty: no)?', '', (text) =>
          text === ''
            ? before
            : { ...before, targets: withTarget(before.targets, readTarget(text)) },
        );
        more = answers !== before;
      }
    }
    if (input.targetPath === undefined) {
      answers = await ask('Into which folder there?', answers.targetPath, (targetPath) => ({
        ...answers,
        targetPath,
      }));
    }
    if (input.namespace === undefined) {
      const prefix = 'The prefix of branches, labels and folders?';
      answers = await ask(prefix, answers.namespace, (namespace) => ({ ...answers, namespace }));
    }
    return answers;
  } finally {
    lines.close();
  }
}

/** A target beside others; of one name there is one. */
export function withTarget(
  targets: InitAnswers['targets'],
  target: InitTarget,
): InitAnswers['targets'] {
  if (targets.some(({ name }) => name === target.name)) {
    throw new CliError('bad-argument', `${target.name} is named twice`);
  }
  const [first, ...rest] = targets;
  return [first, ...rest, target];
}

async function problemOf(
  text: string,
  take: (text: string) => InitAnswers,
  check: CheckAnswers,
): Promise<string | undefined> {
  try {
    return await check(take(text));
  } catch (error) {
    if (error instanceof CliError) return error.message.replace(/^--target /, 'it ');
    throw error;
  }
}
