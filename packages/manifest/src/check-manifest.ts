import { checkPath, type FileMode } from '@holdfast/text';
import { MAX_MANIFEST_DEPTH } from './manifest.js';
import { checkName } from './names.js';

/** Problems beyond these are not collected: one damaged line tends to repeat itself. */
const MAX_PROBLEMS = 100;

const MODES: ReadonlySet<unknown> = new Set<FileMode>(['100644', '100755', '120000', '160000']);

type Path = readonly (string | number)[];

/** What is wrong with one value of a manifest, and the keys that lead to it. */
export interface ManifestProblem {
  readonly path: Path;
  readonly ruleId: string;
  readonly message: string;
}

/** Says what a value must be, where it is not. */
type Check = (value: unknown) => string | undefined;
type JsonObject = Record<string, unknown>;

interface Member {
  readonly key: string;
  readonly check: Check;
  readonly optional?: true;
}

const HEADER: readonly Member[] = [
  { key: 'version', check: (value) => (value === 1 ? undefined : 'must be 1') },
  {
    key: 'rule_id',
    check: (value) => (typeof value === 'string' ? checkName(value) : 'must be a string'),
  },
  { key: 'source_repo', check: checkText },
  { key: 'source_commit', check: checkObjectId },
  { key: 'source_ref', check: checkText },
  { key: 'synced_at', check: checkTime },
  { key: 'synced_by', check: checkText },
  { key: 'transforms_digest', check: checkText },
  { key: 'content', check: checkObject },
  { key: 'files', check: checkObject },
  { key: 'override_root', check: checkFolder, optional: true },
];

const ENTRY: readonly Member[] = [
  { key: 'source', check: checkSource },
  { key: 'oid', check: checkObjectId },
  { key: 'sha256', check: checkSha256 },
  { key: 'mode', check: checkMode },
  { key: 'source_oid', check: checkObjectId, optional: true },
  { key: 'base_oid', check: checkObjectId, optional: true },
  { key: 'base_mode', check: checkMode, optional: true },
  { key: 'override', check: checkFlag, optional: true },
  { key: 'conflict', check: checkFlag, optional: true },
  { key: 'withdrawn', check: checkFlag, optional: true },
  { key: 'conflict_base_oid', check: checkObjectId, optional: true },
  { key: 'conflict_ours_oid', check: checkObjectId, optional: true },
  { key: 'conflict_override_oid', check: checkObjectId, optional: true },
];

/**
 * Finds everything that is wrong with a parsed JSON value as a manifest, without looking for places.
 * By hand and not by a schema: 20,000 entries are checked in the time of one reading of their text.
 */
export function findManifestProblems(value: unknown): ManifestProblem[] {
  if (!isObject(value)) {
    const message = `a manifest must be an object, got ${show(value)}`;
    return [{ path: [], ruleId: 'wrong-value', message }];
  }
  const { version } = value;
  if (typeof version === 'number' && Number.isInteger(version) && version > 1) {
    const message = `version must be 1, got ${version}: this manifest was written by a newer Holdfast; update this one`;
    return [{ path: ['version'], ruleId: 'manifest-newer-version', message }];
  }
  const problems = findMemberProblems(value, HEADER, []);
  if (isObject(value['files'])) {
    for (const problem of findFileProblems(value['files'])) problems.push(problem);
  }
  const deep = findTooDeep(value, MAX_MANIFEST_DEPTH);
  if (deep) {
    const message = `a manifest must not be nested deeper than ${MAX_MANIFEST_DEPTH} levels`;
    problems.push({ path: deep.slice(0, 2), ruleId: 'json-limit', message });
  }
  return problems;
}

function findFileProblems(files: JsonObject): ManifestProblem[] {
  const problems: ManifestProblem[] = [];
  for (const path in files) {
    const entry = files[path];
    const where = ['files', path];
    const unsafe = checkPath(path);
    if (unsafe) {
      const message = `the path ${show(path)} ${unsafe.message}`;
      problems.push({ path: where, ruleId: 'unsafe-path', message });
    }
    if (isObject(entry))
      for (const one of findMemberProblems(entry, ENTRY, where)) problems.push(one);
    else problems.push(complain(where, 'must be an object', entry));
    if (problems.length >= MAX_PROBLEMS) break;
  }
  return problems;
}

function findMemberProblems(
  object: JsonObject,
  members: readonly Member[],
  where: Path,
): ManifestProblem[] {
  const problems: ManifestProblem[] = [];
  for (const { key, check, optional } of members) {
    const value = object[key];
    if (value === undefined && optional) continue;
    const message = check(value);
    if (message) problems.push(complain([...where, key], message, value));
  }
  return problems;
}

function complain(path: Path, expected: string, value: unknown): ManifestProblem {
  const [first, file, ...rest] = path;
  const name = [file === undefined ? first : `${first}[${show(file)}]`, ...rest].join('.');
  return value === undefined
    ? { path, ruleId: 'missing-key', message: `${name} is required: it ${expected}` }
    : { path, ruleId: 'wrong-value', message: `${name} ${expected}, got ${show(value)}` };
}

function checkText(value: unknown): string | undefined {
  const good =
    typeof value === 'string' && value !== '' && value.length <= 1_000 && !/\p{Cc}/u.test(value);
  return good ? undefined : 'must be a string of one line';
}

function checkObjectId(value: unknown): string | undefined {
  return isHex(value, 40) ? undefined : 'must be 40 hexadecimal digits';
}

function checkSha256(value: unknown): string | undefined {
  return isHex(value, 64) ? undefined : 'must be 64 hexadecimal digits';
}

/** By hand: a regular expression takes five times as long, and this runs twice for each file. */
function isHex(value: unknown, length: number): boolean {
  if (typeof value !== 'string' || value.length !== length) return false;
  for (let index = 0; index < length; index++) {
    const unit = value.charCodeAt(index);
    if (!((unit >= 48 && unit <= 57) || (unit >= 97 && unit <= 102))) return false;
  }
  return true;
}

function checkMode(value: unknown): string | undefined {
  return MODES.has(value) ? undefined : 'must be 100644, 100755, 120000 or 160000';
}

function checkFlag(value: unknown): string | undefined {
  return typeof value === 'boolean' ? undefined : 'must be true or false';
}

function checkSource(value: unknown): string | undefined {
  return typeof value === 'string' ? checkPath(value)?.message : 'must be a path';
}

function checkFolder(value: unknown): string | undefined {
  if (typeof value !== 'string' || !value.endsWith('/'))
    return 'must be a folder, with a / at its end';
  return checkPath(value.slice(0, -1))?.message;
}

function checkTime(value: unknown): string | undefined {
  const shaped = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value);
  const time = new Date(shaped ? value : Number.NaN);
  const good =
    !Number.isNaN(time.valueOf()) && time.toISOString().startsWith(String(value).slice(0, 19));
  return good ? undefined : 'must be a time in UTC like 2026-01-30T12:00:00Z';
}

function checkObject(value: unknown): string | undefined {
  return isObject(value) ? undefined : 'must be an object';
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys that lead to the first value below more than `levels` containers. */
function findTooDeep(value: unknown, levels: number): string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (levels === 0) return [];
  for (const key in value) {
    const below = findTooDeep((value as JsonObject)[key], levels - 1);
    if (below) return [key, ...below];
  }
  return undefined;
}

function show(value: unknown): string {
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'an object';
  return JSON.stringify(
    typeof value === 'string' && value.length > 80 ? `${value.slice(0, 80)}…` : value,
  );
}
