import { randomBytes } from 'node:crypto';

/** What a server asks its client for, in the midst of a call. */
export interface Question {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A call, or the question on which it waits. */
export type Step =
  | { readonly kind: 'done'; readonly result: object }
  | { readonly kind: 'asked'; readonly state: string; readonly question: Question };

/**
 * Calls that wait for an answer of a client which cannot be asked in between: since 2026-07-28 a client gets the question as
 * the result of its call, and calls again with the answer.
 */
export interface HeldCalls {
  /** Runs a call until it is done or asks something. */
  run(
    owner: string,
    call: (ask: (question: Question) => Promise<object>) => Promise<object>,
    cancel: () => void,
  ): Promise<Step>;
  /** Goes on with a call; undefined where there is none of this state that `owner` may answer. */
  resume(owner: string, state: string, answer: object): Promise<Step> | undefined;
  close(): void;
}

interface Held {
  readonly owner: string;
  readonly answer: (answer: object) => void;
  readonly next: () => Promise<Step>;
  readonly drop: () => void;
}

/** Calls that are held at once; the oldest is given up. */
const maxHeld = 1000;

export function createHeldCalls({
  holdMs = 600_000,
}: { readonly holdMs?: number } = {}): HeldCalls {
  const held = new Map<string, Held>();
  const drop = (state: string): void => {
    held.get(state)?.drop();
    held.delete(state);
  };
  return {
    run: (owner, call, cancel) => {
      let settleStep: (step: Step) => void = () => undefined;
      const nextStep = (): Promise<Step> =>
        Promise.race([new Promise<Step>((resolve) => (settleStep = resolve)), done]);
      const ask = (question: Question): Promise<object> =>
        new Promise((resolve) => {
          const state = randomBytes(18).toString('base64url');
          const timer = setTimeout(() => drop(state), holdMs);
          held.set(state, {
            owner,
            answer: (answer) => {
              clearTimeout(timer);
              resolve(answer);
            },
            next: nextStep,
            drop: () => {
              clearTimeout(timer);
              cancel();
            },
          });
          const [oldest] = held.keys();
          if (held.size > maxHeld && oldest !== undefined) drop(oldest);
          settleStep({ kind: 'asked', state, question });
        });
      // A question may come before this function returns, so that the first step waits already when the call begins.
      let begin: () => void = () => undefined;
      const done = new Promise<void>((resolve) => (begin = resolve))
        .then(() => call(ask))
        .then((result): Step => ({ kind: 'done', result }));
      done.catch(() => undefined);
      const first = nextStep();
      begin();
      return first;
    },
    resume: (owner, state, answer) => {
      const found = held.get(state);
      if (found === undefined || found.owner !== owner) return undefined;
      held.delete(state);
      const next = found.next();
      found.answer(answer);
      return next;
    },
    close: () => {
      for (const state of [...held.keys()]) drop(state);
    },
  };
}
