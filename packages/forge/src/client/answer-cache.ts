import type { Answer } from './answer.js';

/** Answers that a server gave a tag for, so that it need not send them again. */
export interface AnswerCache {
  get(key: string): Answer | undefined;
  set(key: string, answer: Answer): void;
}

/** Keeps the answers that were used last, at most `limit` of them (default 500). */
export function createAnswerCache({ limit = 500 }: { limit?: number } = {}): AnswerCache {
  const answers = new Map<string, Answer>();
  return {
    get(key) {
      const answer = answers.get(key);
      if (answer === undefined) return undefined;
      answers.delete(key);
      answers.set(key, answer);
      return answer;
    },
    set(key, answer) {
      answers.delete(key);
      answers.set(key, answer);
      const [oldest] = answers.keys();
      if (answers.size > limit && oldest !== undefined) answers.delete(oldest);
    },
  };
}
