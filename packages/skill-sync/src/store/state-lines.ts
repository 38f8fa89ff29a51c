import { SkillSyncError } from '../skill-sync-error.js';
import { checkRow } from './check-row.js';
import type { ImportedEntry, StateEntry } from './store.js';

/** One row as a line of JSON Lines, without the line feed. */
export function formatStateLine({ key, value, updatedAt }: StateEntry): string {
  return JSON.stringify({ key, value, updatedAt });
}

/**
 * Reads JSON Lines of `{key, value, updatedAt?}`, as `formatStateLine` writes them; empty lines and a
 * byte order mark are passed over.
 *
 * @throws SkillSyncError `invalid-import` with the number of the line; `name` is what the file is called.
 */
export function* parseStateLines(text: string, name = 'input'): Generator<ImportedEntry> {
  const seen = new Map<string, number>();
  let line = 0;
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const content = text.slice(start === 0 && text.startsWith('\ufeff') ? 1 : start, end).trim();
    line++;
    start = end + 1;
    if (content === '') continue;
    const entry = parseLine(content, `${name}:${line}`);
    const first = seen.get(entry.key);
    if (first !== undefined) {
      throw invalid(
        `${name}:${line}`,
        `the key ${JSON.stringify(entry.key)} stands in line ${first} already`,
      );
    }
    seen.set(entry.key, line);
    yield entry;
  }
}

function parseLine(content: string, place: string): ImportedEntry {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch (error) {
    throw invalid(place, `not a line of JSON: ${(error as Error).message}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalid(place, 'not an object');
  }
  const { key, value, updatedAt } = parsed as Record<string, unknown>;
  if (typeof key !== 'string') throw invalid(place, 'key must be a string');
  if (typeof value !== 'string') throw invalid(place, 'value must be a string');
  if (updatedAt !== undefined && !isTimestamp(updatedAt)) {
    throw invalid(place, `updatedAt must be an ISO 8601 date, got ${JSON.stringify(updatedAt)}`);
  }
  try {
    checkRow(key, value);
  } catch (error) {
    throw invalid(place, (error as Error).message);
  }
  return { key, value, updatedAt };
}

/** A store of another program may hold an empty date, and export it. */
function isTimestamp(value: unknown): value is string {
  return typeof value === 'string' && (value === '' || !Number.isNaN(Date.parse(value)));
}

function invalid(place: string, message: string): SkillSyncError {
  return new SkillSyncError('invalid-import', `${place}: ${message}`, {
    hint: 'expected JSON Lines of {"key": …, "value": …, "updatedAt": …}, as state export writes; nothing was imported',
  });
}
