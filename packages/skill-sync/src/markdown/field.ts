import { readJson } from '@holdfast/text';

/** A row as the helpers take it: a `StateEntry` of the store, or its two texts. */
export interface RenderEntry {
  readonly key: string;
  readonly value: string;
}

/** Nested deeper than this, a value is text. */
const maxDepth = 200;

/** The JSON of a row; a row that is none is its text. */
export function dataOf(value: string): unknown {
  const { values, problems } = readJson(value, { maxDepth });
  const isData = problems.every(({ code }) => code === 'duplicate-key' || code === 'prototype-key');
  return values[0] && isData ? values[0].value : value;
}

/** The keys that lead to a field: `context.project` to `project` in `context`. */
export function fieldPath(field: string): string[] {
  return field.split('.');
}

/** A name that can stand in a marker: letters, digits, `_`, `-`, with dots between. */
export function checkField(field: string): string {
  if (/^[\p{L}\p{N}_$-]+(?:\.[\p{L}\p{N}_$-]+)*$/u.test(field) && !field.includes('--'))
    return field;
  throw new TypeError(
    `${JSON.stringify(field)} is no name of a field: letters, digits, _ and -, with dots between`,
  );
}

/**
 * A field of a row's data; `undefined` where there is none. Of a row that is not a JSON object, the
 * field `value` is the whole.
 */
export function fieldOf(data: unknown, field: string): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return field === 'value' ? data : undefined;
  }
  let value: unknown = data;
  for (const key of fieldPath(field)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** A value as text: lists of texts with commas between, nothing for none, other structures as JSON. */
export function formatField(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (isTextList(value)) {
    return value.map((item) => item.replace(/[\\,]/g, '\\$&').replace(/^ | $/g, '\\ ')).join(', ');
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What a text stands for, in the place of a value of the same kind; or why it stands for nothing. */
export function parseField(
  text: string,
  before: unknown,
): { readonly value: unknown } | { readonly why: string } {
  if (typeof before === 'number') {
    const isNumber = /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text);
    return isNumber ? { value: Number(text) } : { why: 'it was a number' };
  }
  if (typeof before === 'boolean') {
    return text === 'true' || text === 'false'
      ? { value: text === 'true' }
      : { why: 'it was true or false' };
  }
  if (isTextList(before)) return { value: splitList(text) };
  if (typeof before === 'object' && before !== null) {
    const { values, problems } = readJson(text, { maxDepth });
    return values[0] && problems.length === 0 ? { value: values[0].value } : { why: 'it was JSON' };
  }
  return { value: text };
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function splitList(text: string): string[] {
  if (text.trim() === '') return [];
  const items: string[] = [];
  let item = '';
  let kept = 0;
  const push = () => {
    items.push(item.slice(0, kept) + item.slice(kept).trimEnd());
    item = '';
    kept = 0;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '\\' && at + 1 < text.length) {
      item += text[++at];
      kept = item.length;
    } else if (character === ',') push();
    else if (item !== '' || character !== ' ') item += character;
  }
  push();
  return items;
}
