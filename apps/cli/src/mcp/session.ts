import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A plan that was shown, kept so that exactly it can be applied. */
export interface KeptPlan {
  readonly digest: string;
  readonly file: string;
  readonly text: string;
}

/** What a server remembers between calls: the plans it showed, and the answers it cut. */
export interface Session extends AsyncDisposable {
  /** A place for a plan to be written to. */
  planFile(): Promise<string>;
  /** Keeps a plan that was written there. */
  keepPlan(file: string): Promise<KeptPlan>;
  plan(digest: string): KeptPlan | undefined;
  plans(): readonly KeptPlan[];
  /** Keeps a whole answer; returns its address. */
  keepAnswer(text: string): string;
  answer(id: string): string | undefined;
}

/** How many plans and answers are kept; the oldest goes. */
const KEPT = 32;

/** The addresses of kept answers begin so. */
export const ANSWERS = 'holdfast://answers/';

/** Makes the memory of one server; its plans are files of a temporary folder. */
export function createSession(): Session {
  const plans = new Map<string, KeptPlan>();
  const answers = new Map<string, string>();
  let folder: string | undefined;
  let written = 0;

  return {
    async planFile() {
      folder ??= await mkdtemp(join(tmpdir(), 'holdfast-mcp-'));
      return join(folder, `plan-${++written}.json`);
    },
    async keepPlan(file) {
      const text = await readFile(file, 'utf8');
      const plan = { digest: createHash('sha256').update(text).digest('hex'), file, text };
      keep(plans, plan.digest, plan);
      return plan;
    },
    plan: (digest) => plans.get(digest),
    plans: () => [...plans.values()],
    keepAnswer(text) {
      const id = createHash('sha256').update(text).digest('hex').slice(0, 16);
      keep(answers, id, text);
      return `${ANSWERS}${id}`;
    },
    answer: (id) => answers.get(id),
    async [Symbol.asyncDispose]() {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function keep<Value>(kept: Map<string, Value>, key: string, value: Value): void {
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
}
