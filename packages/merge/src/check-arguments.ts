import { MergeError } from './merge-error.js';

/** What a function expects of an argument, for those who call it without types. */
export interface Expectation {
  /** Ends the sentence "NAME must be …". */
  expected: string;
  holds: (value: unknown) => boolean;
}

export const CONTENT: Expectation = {
  expected: 'a string or a Uint8Array',
  holds: (value) => typeof value === 'string' || value instanceof Uint8Array,
};

const FILE_MODES = ['100644', '100755', '120000', '160000'];

const FILE = `a file { mode, content }, its mode one of ${FILE_MODES.join(', ')}, its content a Uint8Array`;

export const ENTRY: Expectation = {
  expected: `${FILE}, or undefined`,
  holds: (value) => value === undefined || isFile(value),
};

function isFile(value: unknown): boolean {
  return (
    isObject(value) &&
    FILE_MODES.includes(value['mode'] as string) &&
    value['content'] instanceof Uint8Array
  );
}

const ONE_LINE: Expectation = {
  expected: 'one line',
  holds: (value) => typeof value === 'string' && !/[\r\n]/.test(value),
};

export const MARKER_SIZE: Expectation = {
  expected: 'a positive integer',
  holds: (value) => Number.isInteger(value) && (value as number) >= 1,
};

const MERGE_OPTIONS: Record<string, Expectation> = {
  style: oneOf('merge', 'diff3', 'zdiff3'),
  markerSize: MARKER_SIZE,
  favor: oneOf('ours', 'theirs', 'union'),
  algorithm: oneOf('myers', 'histogram'),
  whitespace: oneOf('exact', 'ignore-at-eol', 'ignore-change', 'ignore-all'),
  conventions: oneOf('ours', 'exact'),
  encoding: oneOf('bytes', 'utf-8'),
};

/** @throws {MergeError} `invalid-argument` unless `sides` holds what is expected three times */
export function checkSides(sides: unknown, side: Expectation): void {
  if (!isObject(sides) || ArrayBuffer.isView(sides) || Array.isArray(sides)) {
    throw invalid('sides', 'an object { base, ours, theirs }', sides);
  }
  checkArgument('sides.base', sides['base'], side);
  checkArgument('sides.ours', sides['ours'], side);
  checkArgument('sides.theirs', sides['theirs'], side);
}

/** @throws {MergeError} `invalid-argument` unless `sides` holds three maps of files by path */
export function checkTrees(sides: unknown): void {
  checkSides(sides, ANYTHING);
  const { base, ours, theirs } = sides as Record<string, unknown>;
  checkTree('sides.base', base);
  checkTree('sides.ours', ours);
  checkTree('sides.theirs', theirs);
}

const ANYTHING: Expectation = { expected: '', holds: () => true };

/** @throws {MergeError} `invalid-argument` unless `tree` is a map of files by path */
export function checkTree(name: string, tree: unknown): void {
  if (!(tree instanceof Map)) throw invalid(name, 'a Map of files by path', tree);
  for (const [path, entry] of tree) {
    if (!isFile(entry)) {
      throw invalid(`${name} at ${JSON.stringify(path)}`, FILE, entry);
    }
  }
}

/** @throws {MergeError} `invalid-argument` unless `value` is what is expected */
export function checkArgument(name: string, value: unknown, expectation: Expectation): void {
  if (!expectation.holds(value)) throw invalid(name, expectation.expected, value);
}

/** @throws {MergeError} `invalid-option` for an option of `merge3` that has no such value */
export function checkMergeOptions(options: unknown): void {
  checkOptions(options, MERGE_OPTIONS);
  const { labels } = options as { labels?: unknown };
  if (labels !== undefined) checkLabels(labels, ['ours', 'base', 'theirs']);
}

/** @throws {MergeError} `invalid-option` for one of `options` that is there and is not what is expected */
export function checkOptions(options: unknown, expectations: Record<string, Expectation>): void {
  if (!isObject(options)) throw invalidOption('options', 'an object', options);
  for (const name in expectations) {
    const value = options[name];
    const { expected, holds } = expectations[name]!;
    if (value !== undefined && !holds(value)) throw invalidOption(name, expected, value);
  }
}

/** @throws {MergeError} `invalid-option` for a label that is not one line */
export function checkLabels(labels: unknown, sides: readonly string[]): void {
  if (!isObject(labels)) throw invalidOption('labels', 'an object', labels);
  for (const side of sides) {
    const label = labels[side];
    if (label !== undefined && !ONE_LINE.holds(label)) {
      throw invalidOption(`labels.${side}`, ONE_LINE.expected, label);
    }
  }
}

/** One of `values`. */
export function oneOf(...values: string[]): Expectation {
  const quoted = values.map((value) => `'${value}'`);
  return {
    expected: `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`,
    holds: (value) => values.includes(value as string),
  };
}

export const DIFF_OPTIONS: Record<string, Expectation> = {
  algorithm: MERGE_OPTIONS['algorithm']!,
  whitespace: MERGE_OPTIONS['whitespace']!,
};

export const NATURAL: Expectation = {
  expected: 'a whole number of 0 or more',
  holds: (value) => Number.isInteger(value) && (value as number) >= 0,
};

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function invalid(argument: string, expected: string, value: unknown): MergeError {
  return new MergeError('invalid-argument', `${argument} must be ${expected}, got ${show(value)}`, {
    argument,
  });
}

function invalidOption(option: string, expected: string, value: unknown): MergeError {
  return new MergeError('invalid-option', `${option} must be ${expected}, got ${show(value)}`, {
    option,
  });
}

/** A value in a few words, whatever it is. */
function show(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  }
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'function') return 'a function';
  if (!isObject(value)) return String(value);
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== 'Object' ? `a ${name}` : 'an object';
}
