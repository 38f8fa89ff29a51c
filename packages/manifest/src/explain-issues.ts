import type * as z from 'zod';
import { closestName } from './closest-name.js';
import { errorAt } from './parsed.js';
import type { Finding, Range } from '@holdfast/findings';
import { knownKeys } from './known-keys.js';
import type { KeyPath } from './read-yaml.js';

type Issue = z.core.$ZodIssue;

/** More names than these are not listed in a message. */
const MAX_LISTED = 16;

/** Of more unknown keys in one mapping than these, nobody is told what they may have been meant for. */
const MAX_COMPARED = 200;

/** What is needed to say what an issue is about, and where. */
export interface IssueSubject {
  readonly file: string;
  readonly schema: z.core.$ZodType;
  /** What was checked against the schema. */
  readonly value: unknown;
  /** What messages call the checked value as a whole, like `sync_rule`. */
  readonly name: string;
  /** A key that holds all the rest: messages call what is in it by the path from there. */
  readonly inside?: string;
  place(path: KeyPath, part?: 'key' | 'value'): Range | undefined;
}

/**
 * Puts what zod found into our words, each finding at the place that it is about. Where a mapping has
 * unknown keys, what else is wrong with it as a whole follows from them, and is left out.
 */
export function explainIssues(issues: readonly Issue[], subject: IssueSubject): Finding[] {
  const misspelt = new Set(
    issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => path.join('\0')),
  );
  return issues
    .filter(({ code, path }) => code !== 'custom' || !misspelt.has(path.join('\0')))
    .flatMap((issue) => explainIssue(issue, subject));
}

function explainIssue(issue: Issue, subject: IssueSubject): Finding[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key, index) =>
        index < MAX_COMPARED
          ? explainUnknownKey(issue.path, key, subject)
          : nameUnknownKey(issue.path, key, subject),
      );
    case 'invalid_union':
      return explainUnion(issue, subject);
    case 'invalid_type':
    case 'invalid_value':
      return [explainMismatch(issue.path, expectedWords(issue), subject)];
    case 'invalid_key':
      return issue.issues.map((inner) => explainRefusal(inner, issue.path, 'key', subject));
    default:
      return [explainRefusal(issue, issue.path, 'value', subject)];
  }
}

function explainMismatch(path: KeyPath, words: readonly string[], subject: IssueSubject): Finding {
  const name = nameOf(path, subject);
  const expected = joinWords([...new Set(words)], 'or');
  const got = valueAt(subject.value, path);
  return got === undefined
    ? findingAt(subject, path, 'key', 'missing-key', `${name} is required: ${expected}`)
    : findingAt(
        subject,
        path,
        'value',
        'wrong-value',
        `${name} must be ${expected}, got ${show(got)}`,
      );
}

/** What a check of ours says: its message completes the sentence that the name begins. */
function explainRefusal(
  issue: Issue,
  path: KeyPath,
  part: 'key' | 'value',
  subject: IssueSubject,
): Finding {
  const own: unknown = issue.code === 'custom' ? issue.params?.['ruleId'] : undefined;
  const ruleId = typeof own === 'string' ? own : 'wrong-value';
  return findingAt(subject, path, part, ruleId, `${nameOf(path, subject)} ${issue.message}`);
}

/** Of a union, the branch that the value was meant for: the one that fits its type, and best. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, subject: IssueSubject): Finding[] {
  const [meant] = issue.errors
    .filter((errors) => !errors.some(({ code, path }) => isTypeCode(code) && path.length === 0))
    .sort((a, b) => a.length - b.length);
  if (!meant)
    return [explainMismatch(issue.path, issue.errors.flat().flatMap(expectedWords), subject)];
  const inner = meant.map((each) => ({ ...each, path: [...issue.path, ...each.path] }) as Issue);
  return explainIssues(inner, subject);
}

function isTypeCode(code: string | undefined): boolean {
  return code === 'invalid_type' || code === 'invalid_value';
}

function expectedWords(issue: Issue): string[] {
  if (issue.code === 'invalid_type') return [nameType(issue.expected)];
  return issue.code === 'invalid_value' ? issue.values.map(String) : [];
}

function explainUnknownKey(path: KeyPath, key: string, subject: IssueSubject): Finding {
  const known = knownKeys(subject.schema, path);
  const suggestion = closestName(key, known);
  const hint = hintFor(findEmptyParent(path, key, subject), suggestion, known);
  const message = `unknown key ${show(key)} in ${nameOf(path, subject)}${hint}`;
  const finding = findingAt(subject, [...path, key], 'key', 'unknown-key', message);
  return { ...finding, data: { key, ...(suggestion && { suggestion }) } };
}

function nameUnknownKey(path: KeyPath, key: string, subject: IssueSubject): Finding {
  const message = `unknown key ${show(key)} in ${nameOf(path, subject)}`;
  return { ...findingAt(subject, [...path, key], 'key', 'unknown-key', message), data: { key } };
}

function hintFor(
  parent: string | undefined,
  suggestion: string | undefined,
  known: readonly string[],
): string {
  if (parent) return `; indent it below ${parent}`;
  if (suggestion) return `; did you mean ${suggestion}?`;
  return known.length <= MAX_LISTED ? `; known are ${joinWords(known, 'and')}` : '';
}

/** A neighbour that is empty and would know the key: the usual slip of indentation. */
function findEmptyParent(path: KeyPath, key: string, subject: IssueSubject): string | undefined {
  return knownKeys(subject.schema, path).find((name) => {
    const neighbour = [...path, name];
    const isEmpty = valueAt(subject.value, neighbour) === null;
    return isEmpty && knownKeys(subject.schema, neighbour).includes(key);
  });
}

function findingAt(
  subject: IssueSubject,
  path: KeyPath,
  part: 'key' | 'value',
  ruleId: string,
  message: string,
): Finding {
  return errorAt(subject.file, nearestPlace(subject, path, part), ruleId, message);
}

/** The place itself, or where it is missing, the key of what should hold it. */
function nearestPlace(
  subject: IssueSubject,
  path: KeyPath,
  part: 'key' | 'value',
): Range | undefined {
  const place = subject.place(path, part);
  return place || path.length === 0 ? place : nearestPlace(subject, path.slice(0, -1), 'key');
}

function valueAt(root: unknown, path: KeyPath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

function nameOf(path: KeyPath, { name, inside }: IssueSubject): string {
  const shown = path.length > 1 && path[0] === inside ? path.slice(1) : path;
  const text = shown
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[A-Za-z_]\w*$/.test(String(step)) ? `.${String(step)}` : `[${show(String(step))}]`;
    })
    .join('');
  return text.replace(/^\./, '') || name;
}

function nameType(expected: string): string {
  const names: Record<string, string> = {
    object: 'a mapping',
    record: 'a mapping',
    array: 'a list',
    string: 'a string',
    boolean: 'true or false',
    number: 'a number',
    int: 'a whole number',
  };
  return names[expected] ?? expected;
}

function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

/** `a`, `a or b`, `a, b or c`. */
function joinWords(words: readonly string[], conjunction: 'and' | 'or'): string {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}
