import { ruleStatePaths } from '@holdfast/manifest';
import type { TargetView } from './target-view.js';

/** What a rollback left in the state folder: which release its target does not want again. */
export interface Hold {
  /** The release that was rolled back, and its commit in the source. */
  readonly release: string;
  readonly commit: string;
  readonly reason: string;
}

/** Where the hold of a rule is kept. */
export function holdPath(namespace: string, rule: string): string {
  return `${ruleStatePaths(namespace, rule).state}/hold.json`;
}

/** A hold as the bytes of its file. */
export function serializeHold({ release, commit, reason }: Hold): Uint8Array {
  const text = JSON.stringify({ version: 1, release, commit, reason }, null, 2);
  return new TextEncoder().encode(`${text}\n`);
}

/** The hold of a rule in a target; a file that is none is as good as absent. */
export async function readHold(
  { snapshot, contents }: TargetView,
  namespace: string,
  rule: string,
): Promise<Hold | undefined> {
  const entry = snapshot.entries.get(holdPath(namespace, rule));
  if (entry?.mode !== '100644') return undefined;
  return parseHold(new TextDecoder().decode(await contents.read(entry.oid)));
}

function parseHold(text: string): Hold | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const { release, commit, reason } = (value ?? {}) as Partial<Record<keyof Hold, unknown>>;
  const isCommit = typeof commit === 'string' && /^[0-9a-f]{40}$/.test(commit);
  return isCommit && typeof release === 'string' && typeof reason === 'string'
    ? { release, commit, reason }
    : undefined;
}
