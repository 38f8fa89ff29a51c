import {
  decodeText,
  indexLines,
  readYaml,
  type DataText,
  type KeyPath,
  type Range,
} from '@holdfast/text';
import { CORE_SCHEMA, loadAll, YAMLException } from 'js-yaml';

/** What is wrong with the text of a file, and where. */
export interface TextProblem {
  readonly rule: 'file/unreadable' | 'file/syntax';
  readonly message: string;
  readonly range?: Range;
}

/** A YAML file that was read once; it is parsed at the first question. Paths are relative to the project's folder. */
export interface SourceFile {
  readonly path: string;
  /** Empty where the file could not be read. */
  readonly text: string;
  /** The values of its documents, without the empty ones. */
  readonly documents: readonly unknown[];
  readonly problems: readonly TextProblem[];
  /** Where the value at a path of the first document is, or the closest of the values around it. */
  range(path: KeyPath, part?: 'key' | 'value'): Range;
}

/** Longest YAML that is parsed, in UTF-16 units: the parser takes half a second for a Mi. */
export const MAX_YAML_LENGTH = 2 * 1_048_576;

const limits = { maxLength: MAX_YAML_LENGTH, maxDepth: 100, mergeKeys: true } as const;

/** The file of these bytes. */
export function createSourceFile(path: string, content: Uint8Array): SourceFile {
  const text = decodeText(content);
  if (text === undefined) return unreadableFile(path, 'it is not UTF-8');
  let careful: DataText | undefined;
  let quick: readonly unknown[] | undefined | null = null;

  function readCarefully(): DataText {
    careful ??= readYaml(text!, limits);
    return careful;
  }
  function readQuickly(): readonly unknown[] | undefined {
    if (quick === null) quick = careful ? undefined : parseQuickly(text!);
    return quick;
  }
  const lines = indexLines(text);

  return {
    path,
    text,
    get documents() {
      return readQuickly() ?? valuesOf(readCarefully());
    },
    get problems() {
      if (readQuickly()) return [];
      return readCarefully().problems.map(({ message, start, end }) => ({
        rule: 'file/syntax' as const,
        message,
        range: lines.rangeAt(start, end),
      }));
    },
    range(keys, part = 'value') {
      const value = readCarefully().values.find(({ isEmpty }) => !isEmpty);
      const span = value?.spanOf(keys, part) ?? value?.closestSpan(keys) ?? { start: 0, end: 0 };
      return lines.rangeAt(span.start, span.end);
    },
  };
}

/** A file that is there, and cannot be read. */
export function unreadableFile(path: string, message: string): SourceFile {
  const start = { line: 1, column: 1 };
  return {
    path,
    text: '',
    documents: [],
    problems: [{ rule: 'file/unreadable', message }],
    range: () => ({ start, end: start }),
  };
}

function valuesOf({ values }: DataText): unknown[] {
  return values.filter(({ isEmpty }) => !isEmpty).map(({ value }) => value);
}

/**
 * The values without their places, ten times as fast: what nine of ten files need. Undefined for what needs care:
 * anchors and merge keys, tags, odd keys, and everything that does not parse.
 */
function parseQuickly(text: string): readonly unknown[] | undefined {
  if (text.length > MAX_YAML_LENGTH || NEEDS_CARE.test(text)) return undefined;
  try {
    const values: unknown[] = [];
    loadAll(text.replace(/^\ufeff/, ''), (value) => values.push(value), { schema: CORE_SCHEMA });
    return values.every(isPlain)
      ? values.filter((value) => value !== null && value !== undefined)
      : undefined;
  } catch (error) {
    if (error instanceof YAMLException || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Anchors, aliases, tags, directives, merge and complex keys, tabs, numbers that YAML 1.1 reads otherwise, odd keys. */
const NEEDS_CARE =
  /(?:^|[\s[{,:-])(?:[&*!][^\s=]|<<|\? |0b|[-+]?\d[\d.]{0,40}_|(?:null|~|[-+.]{0,2}\d[\w.+-]{0,40}) {0,9}:(?:\s|$))|^%|__proto__|\t|\u2028|\u2029|\u0085|\0/im;

/** Not nested deeper than may be; the reader of the careful way says where. */
function isPlain(value: unknown): boolean {
  return isShallow(value, limits.maxDepth);
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((item) => isShallow(item, depth - 1));
}
