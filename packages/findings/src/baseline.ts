import type { Finding } from './finding.js';
import { identityOf } from './fingerprint.js';

/** Findings that were there when the baseline was taken: all of one rule and file that say the same. */
export interface BaselineEntry {
  readonly path: string;
  readonly ruleId: string;
  readonly message: string;
  /** The rule's own `data.fingerprint`, which identifies its findings whatever the message says. */
  readonly fingerprint?: string;
  /** How many findings there were. */
  readonly count: number;
}

/** What is accepted for now: only what is new since then counts. */
export interface Baseline {
  /** By the identity of their findings. */
  readonly entries: ReadonlyMap<string, BaselineEntry>;
}

/** The outcome of {@link readBaseline}. */
export type BaselineRead =
  | { readonly kind: 'read'; readonly baseline: Baseline }
  | { readonly kind: 'invalid'; readonly message: string };

/** Findings told apart by a baseline. */
export interface BaselineComparison<F extends Finding> {
  /** What the baseline does not have; of alike ones in greater number, the last ones. */
  readonly fresh: readonly F[];
  readonly known: readonly F[];
  /** What the baseline has and is found no more, with the number that is left over. */
  readonly gone: readonly BaselineEntry[];
}

/** A baseline that accepts these findings. */
export function createBaseline(findings: Iterable<Finding>): Baseline {
  const entries = new Map<string, BaselineEntry>();
  for (const finding of findings) {
    const { path, ruleId, message, data } = finding;
    const own = data?.['fingerprint'];
    const fingerprint = typeof own === 'string' ? { fingerprint: own } : {};
    addEntry(entries, { path, ruleId, message, ...fingerprint, count: 1 });
  }
  return { entries };
}

function addEntry(entries: Map<string, BaselineEntry>, entry: BaselineEntry): void {
  const { path, ruleId, message, fingerprint } = entry;
  const data = fingerprint === undefined ? {} : { data: { fingerprint } };
  const key = identityOf({ path, ruleId, message, severity: 'error', ...data });
  const known = entries.get(key);
  entries.set(key, known ? { ...known, count: known.count + entry.count } : entry);
}

/** Tells new findings from those that the baseline accepts. */
export function compareBaseline<F extends Finding>(
  findings: Iterable<F>,
  { entries }: Baseline,
): BaselineComparison<F> {
  const left = new Map([...entries].map(([key, { count }]) => [key, count]));
  const fresh: F[] = [];
  const known: F[] = [];
  for (const finding of findings) {
    const key = identityOf(finding);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    (count > 0 ? known : fresh).push(finding);
  }
  const gone: BaselineEntry[] = [];
  for (const [key, entry] of entries) {
    const count = left.get(key) ?? 0;
    if (count > 0) gone.push({ ...entry, count });
  }
  return { fresh, known, gone };
}

/** Writes a baseline as JSON, sorted by path, rule and message, so that it can be read and merged as text. */
export function writeBaseline({ entries }: Baseline): string {
  const sorted = [...entries.values()]
    .map((entry) => ({ entry, key: `${entry.path}\0${entry.ruleId}\0${entry.message}` }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ entry }) => entry);
  return `${JSON.stringify({ version: 1, findings: sorted }, null, 2)}\n`;
}

/** Reads what {@link writeBaseline} wrote; says what is wrong with anything else. */
export function readBaseline(text: string): BaselineRead {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return invalid(`a baseline must be JSON: ${(error as SyntaxError).message}`);
  }
  const { version, findings } = (value ?? {}) as { version?: unknown; findings?: unknown };
  if (version !== 1) {
    return invalid(`a baseline must have "version": 1, got ${JSON.stringify(version)}`);
  }
  if (!Array.isArray(findings)) return invalid('a baseline must have a list "findings"');
  const entries = new Map<string, BaselineEntry>();
  for (const [index, entry] of (findings as unknown[]).entries()) {
    if (!isEntry(entry)) {
      return invalid(
        `findings[${index}] must have the texts path, ruleId and message, and a count above 0`,
      );
    }
    const { path, ruleId, message, fingerprint, count } = entry;
    const own = fingerprint === undefined ? {} : { fingerprint };
    addEntry(entries, { path, ruleId, message, ...own, count });
  }
  return { kind: 'read', baseline: { entries } };
}

function isEntry(value: unknown): value is BaselineEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { path, ruleId, message, fingerprint, count } = value as Record<string, unknown>;
  const texts = [path, ruleId, message, fingerprint ?? ''];
  if (!texts.every((text) => typeof text === 'string')) return false;
  return Number.isInteger(count) && (count as number) > 0;
}

function invalid(message: string): BaselineRead {
  return { kind: 'invalid', message };
}
