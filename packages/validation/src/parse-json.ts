import { childPointer, type DataDocument, type DataProblem, type Span } from './data-document.js';

export interface ParseJsonOptions {
  /** Line and block comments and trailing commas are read over, as in JSONC. Default false. */
  comments?: boolean;
  /** Deepest nesting. Default 200. */
  maxDepth?: number;
}

/**
 * Parses JSON (RFC 8259) with the places of what is wrong: `JSON.parse` gives none for some errors, accepts
 * duplicate keys, and has no limit on depth. The first syntax error ends the parse; duplicate and prototype keys do not.
 */
export function parseJson(text: string, options: ParseJsonOptions = {}): DataDocument {
  const { value, problems } = readJson(text, options);
  if (value === undefined) return { values: [], problems };

  let places: Map<string, Span> | undefined;
  function locate(pointer: string): Span {
    if (!places) {
      const found = new Map<string, Span>();
      readJson(text, options, (at, span) => found.set(at, span));
      places = found;
    }
    for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
      const span = places.get(at);
      if (span) return span;
    }
    return places.get('') ?? { start: 0, end: text.length };
  }
  return { values: [{ value: value.value, locate }], problems };
}

type Visit = (pointer: string, span: Span) => void;

const stop = Symbol('stop');

function readJson(
  text: string,
  { comments = false, maxDepth = 200 }: ParseJsonOptions,
  visit?: Visit,
): { value: { value: unknown } | undefined; problems: DataProblem[] } {
  const problems: DataProblem[] = [];
  let offset = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  function fail(
    message: string,
    start = offset,
    end = start + 1,
    code: DataProblem['code'] = 'syntax',
  ): never {
    problems.push({ code, message, start, end: Math.min(end, Math.max(text.length, start)) });
    throw stop;
  }

  function skipSpace(): void {
    for (;;) {
      const unit = text.charCodeAt(offset);
      if (unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09) offset += 1;
      else if (unit === 0x2f && comments) skipComment();
      else return;
    }
  }

  function skipComment(): void {
    const start = offset;
    if (text.startsWith('//', offset)) {
      const end = text.indexOf('\n', offset);
      offset = end < 0 ? text.length : end;
    } else if (text.startsWith('/*', offset)) {
      const end = text.indexOf('*/', offset + 2);
      if (end < 0) fail('the comment is not closed', start, text.length);
      offset = end + 2;
    } else fail(`expected a value, got ${shown()}`);
  }

  function shown(): string {
    if (offset >= text.length) return 'the end of the text';
    return JSON.stringify(String.fromCodePoint(text.codePointAt(offset)!));
  }

  function readValue(pointer: string, depth: number): unknown {
    if (depth > maxDepth)
      fail(`nested deeper than ${maxDepth} levels`, offset, offset + 1, 'too-deep');
    const start = offset;
    const value = readBare(pointer, depth);
    visit?.(pointer, { start, end: offset });
    return value;
  }

  function readBare(pointer: string, depth: number): unknown {
    switch (text[offset]) {
      case '{':
        return readObject(pointer, depth);
      case '[':
        return readArray(pointer, depth);
      case '"':
        return readString();
      default:
        return readScalar();
    }
  }

  function readObject(pointer: string, depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const open = offset;
    offset += 1;
    skipSpace();
    while (text[offset] !== '}') {
      const start = offset;
      if (text[offset] !== '"') fail(`expected a key in double quotes, got ${shown()}`);
      const key = readString();
      checkKey(object, key, start);
      skipSpace();
      if (text[offset] !== ':')
        fail(`expected ":" after the key ${JSON.stringify(key)}, got ${shown()}`);
      offset += 1;
      skipSpace();
      setOwn(object, key, readValue(visit ? childPointer(pointer, key) : '', depth + 1));
      if (!readSeparator('}', open)) break;
    }
    offset += 1;
    return object;
  }

  function checkKey(object: object, key: string, start: number): void {
    const named = JSON.stringify(key);
    if (Object.hasOwn(object, key)) {
      problems.push({
        code: 'duplicate-key',
        message: `the key ${named} stands here twice`,
        start,
        end: offset,
      });
    }
    if (key === '__proto__') {
      problems.push({
        code: 'prototype-key',
        message: `the key ${named} is not data`,
        start,
        end: offset,
      });
    }
  }

  function readArray(pointer: string, depth: number): unknown[] {
    const array: unknown[] = [];
    const open = offset;
    offset += 1;
    skipSpace();
    while (text[offset] !== ']') {
      array.push(readValue(visit ? childPointer(pointer, array.length) : '', depth + 1));
      if (!readSeparator(']', open)) break;
    }
    offset += 1;
    return array;
  }

  /** Reads the comma before the next member; false when the closing bracket stands there. */
  function readSeparator(close: ']' | '}', open: number): boolean {
    skipSpace();
    if (text[offset] === close) return false;
    if (offset >= text.length) fail(`"${text[open]}" is not closed`, open);
    if (text[offset] !== ',') fail(`expected "," or "${close}", got ${shown()}`);
    const comma = offset;
    offset += 1;
    skipSpace();
    if (text[offset] === close && !comments) fail(`a comma before "${close}"`, comma);
    return true;
  }

  function readString(): string {
    const start = offset;
    let end = offset + 1;
    for (; text[end] !== '"'; end += 1) {
      const unit = text.charCodeAt(end);
      if (Number.isNaN(unit) || unit === 0x0a) fail('the string is not closed', start, end);
      if (unit < 0x20) fail('a control character in a string must be escaped', end);
      if (unit === 0x5c) end += 1;
    }
    offset = end + 1;
    try {
      return JSON.parse(text.slice(start, offset)) as string;
    } catch {
      return fail('the string holds an escape that JSON does not have', start, offset);
    }
  }

  function readScalar(): unknown {
    scalar.lastIndex = offset;
    const match = scalar.exec(text);
    if (!match) return fail(`expected a value, got ${shown()}`);
    offset += match[0].length;
    return JSON.parse(match[0]);
  }

  try {
    skipSpace();
    const value = readValue('', 1);
    skipSpace();
    if (offset < text.length) fail(`expected the end of the text, got ${shown()}`);
    return { value: { value }, problems };
  } catch (error) {
    if (error !== stop) throw error;
    return { value: undefined, problems };
  }
}

const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

/** Sets a key as data, `__proto__` too. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  } else object[key] = value;
}
