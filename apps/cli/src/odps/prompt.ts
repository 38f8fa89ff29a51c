import { createInterface } from 'node:readline';
import type { Question } from '@holdfast/odps-audit';
import { CliError } from '../cli-error.js';
import { renderMarkup } from '../markup.js';
import type { Surroundings } from '../surroundings.js';

/** A person at a terminal. */
export interface Prompt {
  tell(text: string): void;
  /** The answers by the names of the questions; a question whose answer is empty has none. */
  ask(questions: readonly Question[]): Promise<Record<string, string>>;
  /** True for yes; anything else is no. */
  confirm(question: string): Promise<boolean>;
  close(): void;
}

/** Asks on stderr, so that stdout holds the result alone. */
export function createPrompt({ stdin, stderr }: Pick<Surroundings, 'stdin' | 'stderr'>): Prompt {
  const lines = createInterface({ input: stdin, terminal: false });
  const iterator = lines[Symbol.asyncIterator]();
  const tell = (text: string) => void stderr.write(renderMarkup(text, { color: false }));

  async function readLine(): Promise<string> {
    const { value, done } = (await iterator.next()) as { value?: string; done?: boolean };
    if (!done) return value?.trim() ?? '';
    tell('\n');
    throw new CliError(
      'interrupted',
      'the input ended before all was answered; nothing was written',
      {
        hint: 'answer with --answers FILE, and apply with --yes',
      },
    );
  }

  return {
    tell,
    async ask(questions) {
      const answers: Record<string, string> = {};
      for (const { name, question, choices } of questions) {
        const hint = choices.length === 0 ? '' : ` (${choices.slice(0, 20).join(', ')})`;
        tell(`${name}: ${question}${hint}? `);
        const answer = await readLine();
        if (answer !== '') answers[name] = answer;
      }
      return answers;
    },
    async confirm(question) {
      tell(`${question} [y/N] `);
      return /^y(?:es)?$/i.test(await readLine());
    },
    close: () => lines.close(),
  };
}
