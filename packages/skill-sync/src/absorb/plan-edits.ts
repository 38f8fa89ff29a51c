import { readJson } from '@holdfast/text';
import { applyEdits } from '@holdfast/text';
import { dataOf, fieldOf, fieldPath, formatField, parseField } from '../markdown/field.js';
import type { StateOperation } from '../store/store.js';
import { parseRendering, type RenderedEntry, type RenderingProblem } from './parse-rendering.js';

/** An operation, and what in the file asks for it. */
export type PlannedOperation = StateOperation & {
  /** The field that was edited, its text before and now. */
  readonly edits?: readonly {
    readonly field: string;
    readonly before: string;
    readonly after: string;
  }[];
};

export interface EditPlan {
  /** By key, one for each. */
  readonly operations: readonly PlannedOperation[];
  /** Edits that cannot be taken back; nothing is to be applied while there is one. */
  readonly problems: readonly RenderingProblem[];
}

/**
 * Finds what an edit of a rendering means for the state: a field that reads differently is set, an
 * entry that is gone is deleted. Pure.
 *
 * @param written The file as it was written.
 * @param edited The file as it is.
 * @param current The values of the rows, by key.
 */
export function planEdits(
  written: string,
  edited: string,
  current: ReadonlyMap<string, string>,
): EditPlan {
  const before = parseRendering(written);
  const after = parseRendering(edited);
  const problems: RenderingProblem[] = [...after.problems];
  const change = firstDifference(before.frame, after.frame);
  if (change) problems.push(change);
  const present = indexEntries(after.entries);
  const fields = new Map<string, Map<string, { before: string; after: string }>>();
  const kept = new Set<string>();
  const gone = new Map<string, RenderedEntry>();
  for (const entry of before.entries) {
    const now = present.get(identityOf(entry));
    if (!now) {
      gone.set(entry.key, entry);
      continue;
    }
    kept.add(entry.key);
    present.delete(identityOf(entry));
    for (const [field, text] of entry.fields) {
      const next = now.fields.get(field) ?? '';
      if (next === text) continue;
      const edits = fields.get(entry.key) ?? new Map<string, { before: string; after: string }>();
      const other = edits.get(field);
      if (other && other.after !== next) {
        problems.push({
          line: now.line,
          message: `${field} of ${entry.key} was edited in two places, to two different texts`,
        });
      }
      fields.set(entry.key, edits.set(field, { before: text, after: next }));
    }
  }
  for (const { line, key } of present.values()) {
    problems.push({
      line,
      message: `${key} is no entry that the file was made from; make it: holdfast state set KEY VALUE`,
    });
  }
  const operations: PlannedOperation[] = [];
  for (const [key, { line }] of gone) {
    if (kept.has(key)) {
      problems.push({ line, message: `${key} was removed in one place, and is still in another` });
    } else operations.push({ op: 'delete', key });
  }
  for (const [key, edits] of fields) {
    const planned = setFields(key, edits, current.get(key));
    if ('message' in planned) {
      problems.push({ line: lineOf(after.entries, key), message: planned.message });
    } else operations.push(planned);
  }
  operations.sort((a, b) => (a.key < b.key ? -1 : 1));
  problems.sort((a, b) => a.line - b.line);
  return { operations, problems };
}

function identityOf({ region, key }: RenderedEntry): string {
  return `${region} ${key}`;
}

function indexEntries(entries: readonly RenderedEntry[]): Map<string, RenderedEntry> {
  return new Map(entries.map((entry) => [identityOf(entry), entry]));
}

function lineOf(entries: readonly RenderedEntry[], key: string): number {
  return entries.find((entry) => entry.key === key)?.line ?? 1;
}

function firstDifference(
  before: readonly { text: string }[],
  after: readonly { line: number; text: string }[],
): RenderingProblem | undefined {
  const length = Math.max(before.length, after.length);
  for (let index = 0; index < length; index++) {
    const was = before[index]?.text;
    const now = after[index];
    if (was === now?.text) continue;
    const line = now?.line ?? (after.at(-1)?.line ?? 0) + 1;
    const message =
      was === undefined
        ? 'this line belongs to no entry, and cannot be kept in the state'
        : `this belongs to no entry; it was ${JSON.stringify(was)}`;
    return { line, message };
  }
  return undefined;
}

function setFields(
  key: string,
  edits: ReadonlyMap<string, { before: string; after: string }>,
  value: string | undefined,
): PlannedOperation | { readonly message: string } {
  if (value === undefined) return { message: `${key} is no longer in the state` };
  let next = value;
  for (const [field, { after }] of edits) {
    const data = dataOf(next);
    const old = fieldOf(data, field);
    if (formatField(old) === after) continue;
    const parsed = parseField(after, old);
    if ('why' in parsed) {
      return { message: `${field} of ${key} cannot be ${JSON.stringify(after)}: ${parsed.why}` };
    }
    const set = setField(next, data, field, parsed.value);
    if (set === undefined) return { message: `${key} has no place for ${field}` };
    next = set;
  }
  return {
    op: 'set',
    key,
    value: next,
    edits: [...edits].map(([field, texts]) => ({ field, ...texts })),
  };
}

/** Sets one field in the text of a JSON value, all else of which stays as it is, byte for byte. */
function setField(text: string, data: unknown, field: string, value: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return field === 'value' ? String(value) : undefined;
  }
  const [document] = readJson(text).values;
  const path = fieldPath(field);
  const written = JSON.stringify(value);
  const span = document?.spanOf(path);
  if (span) return applyEdits(text, [{ ...span, text: written }]);
  const parent = path.length === 1 ? data : fieldOf(data, path.slice(0, -1).join('.'));
  const place = document?.spanOf(path.slice(0, -1));
  if (!place || typeof parent !== 'object' || parent === null || Array.isArray(parent)) {
    return undefined;
  }
  const comma = Object.keys(parent).length > 0 ? ',' : '';
  const member = `${comma}${JSON.stringify(path.at(-1))}:${written}`;
  return applyEdits(text, [{ start: place.end - 1, end: place.end - 1, text: member }]);
}
