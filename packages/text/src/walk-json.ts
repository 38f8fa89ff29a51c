import type { DataProblem, DataProblemCode } from './data-text.js';

/** What a walk over a JSON text tells, in the order of the text; offsets in UTF-16 units. */
export interface JsonVisitor {
  open(isArray: boolean, start: number): void;
  key(name: string, start: number, end: number): void;
  scalar(value: unknown, start: number, end: number): void;
  close(end: number): void;
}

export interface WalkJsonOptions {
  readonly comments: boolean;
  readonly maxDepth: number;
}

/**
 * Walks a JSON text (RFC 8259) once, without recursion.
 *
 * @returns what ended the walk early; undefined for a text that is JSON.
 */
export function walkJson(
  text: string,
  visitor: JsonVisitor,
  options: WalkJsonOptions,
): DataProblem | undefined {
  const walker = new JsonWalker(text, visitor, options);
  try {
    walker.walk();
    return undefined;
  } catch (error) {
    if (error instanceof Stop) return error.problem;
    throw error;
  }
}

/** Ends a walk. No `Error`: it needs no stack. */
class Stop {
  readonly problem: DataProblem;

  constructor(problem: DataProblem) {
    this.problem = problem;
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const SLASH = 0x2f;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

class JsonWalker {
  readonly #text: string;
  readonly #visitor: JsonVisitor;
  readonly #options: WalkJsonOptions;
  /** Where each container that is open begins. */
  readonly #open: number[] = [];
  #at: number;

  constructor(text: string, visitor: JsonVisitor, options: WalkJsonOptions) {
    this.#text = text;
    this.#visitor = visitor;
    this.#options = options;
    this.#at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  walk(): void {
    this.#skipSpace();
    do {
      if (this.#startValue()) continue;
      while (this.#open.length > 0 && !this.#startNext()) this.#close();
    } while (this.#open.length > 0);
    this.#skipSpace();
    if (this.#at < this.#text.length)
      this.#fail(`expected the end of the text, got ${this.#shown()}`);
  }

  /** Reads a scalar, or opens a container; true when a value of that container is next. */
  #startValue(): boolean {
    const unit = this.#text.charCodeAt(this.#at);
    const start = this.#at;
    if (unit === QUOTE) this.#visitor.scalar(this.#readString(), start, this.#at);
    else if (unit === OPEN_OBJECT || unit === OPEN_ARRAY) return this.#openContainer(unit);
    else this.#readScalar();
    return false;
  }

  #openContainer(unit: number): boolean {
    const { maxDepth } = this.#options;
    if (this.#open.length >= maxDepth) {
      this.#fail(`nested deeper than ${maxDepth} levels`, this.#at, this.#at + 1, 'too-deep');
    }
    this.#open.push(this.#at);
    this.#visitor.open(unit === OPEN_ARRAY, this.#at);
    this.#at += 1;
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) === (unit === OPEN_ARRAY ? CLOSE_ARRAY : CLOSE_OBJECT)) {
      return false;
    }
    if (unit === OPEN_OBJECT) this.#readKey();
    return true;
  }

  /** Behind a value: true when another one of the same container is next, false at its closing bracket. */
  #startNext(): boolean {
    this.#skipSpace();
    const start = this.#open[this.#open.length - 1]!;
    const isObject = this.#text.charCodeAt(start) === OPEN_OBJECT;
    const close = isObject ? CLOSE_OBJECT : CLOSE_ARRAY;
    const unit = this.#text.charCodeAt(this.#at);
    if (unit === close) return false;
    if (this.#at >= this.#text.length) this.#fail(`"${this.#text[start]}" is not closed`, start);
    if (unit !== COMMA) {
      this.#fail(`expected "," or "${isObject ? '}' : ']'}", got ${this.#shown()}`);
    }
    const comma = this.#at;
    this.#at += 1;
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) === close) {
      if (!this.#options.comments) this.#fail(`a comma before "${this.#text[this.#at]}"`, comma);
      return false;
    }
    if (isObject) this.#readKey();
    return true;
  }

  #close(): void {
    this.#open.pop();
    this.#at += 1;
    this.#visitor.close(this.#at);
  }

  #readKey(): void {
    const start = this.#at;
    if (this.#text.charCodeAt(start) !== QUOTE) {
      this.#fail(`expected a key in double quotes, got ${this.#shown()}`);
    }
    const name = this.#readString();
    this.#visitor.key(name, start, this.#at);
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== COLON) {
      this.#fail(`expected ":" after the key ${JSON.stringify(name)}, got ${this.#shown()}`);
    }
    this.#at += 1;
    this.#skipSpace();
  }

  #readString(): string {
    const text = this.#text;
    const start = this.#at;
    let isPlain = true;
    let end = start + 1;
    for (; ; end++) {
      const unit = text.charCodeAt(end);
      if (unit === QUOTE) break;
      if (unit === BACKSLASH) {
        isPlain = false;
        end += 1;
      } else if (!(unit >= 0x20)) {
        if (Number.isNaN(unit) || unit === 0x0a || unit === 0x0d) {
          this.#fail('the string is not closed', start, end);
        }
        this.#fail('a control character in a string must be escaped', end);
      }
    }
    this.#at = end + 1;
    if (isPlain) return text.slice(start + 1, end);
    try {
      return JSON.parse(text.slice(start, end + 1)) as string;
    } catch {
      return this.#fail('the string holds an escape that JSON does not have', start, end + 1);
    }
  }

  #readScalar(): void {
    SCALAR.lastIndex = this.#at;
    const word = SCALAR.exec(this.#text)?.[0];
    if (word === undefined) this.#fail(`expected a value, got ${this.#shown()}`);
    const start = this.#at;
    this.#at += word.length;
    this.#visitor.scalar(JSON.parse(word), start, this.#at);
  }

  #skipSpace(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09) this.#at += 1;
      else if (unit === SLASH && this.#options.comments) this.#skipComment();
      else return;
    }
  }

  #skipComment(): void {
    const start = this.#at;
    if (this.#text.startsWith('//', start)) {
      const end = this.#text.indexOf('\n', start);
      this.#at = end < 0 ? this.#text.length : end;
    } else if (this.#text.startsWith('/*', start)) {
      const end = this.#text.indexOf('*/', start + 2);
      if (end < 0) this.#fail('the comment is not closed', start, this.#text.length);
      this.#at = end + 2;
    } else this.#fail(`expected a value, got ${this.#shown()}`);
  }

  #shown(): string {
    const point = this.#text.codePointAt(this.#at);
    return point === undefined
      ? 'the end of the text'
      : JSON.stringify(String.fromCodePoint(point));
  }

  #fail(
    message: string,
    start = this.#at,
    end = start + 1,
    code: DataProblemCode = 'syntax',
  ): never {
    const last = Math.max(this.#text.length, start);
    throw new Stop({ code, message, start, end: Math.min(end, last) });
  }
}
