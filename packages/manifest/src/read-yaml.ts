import type { Finding, Range } from '@holdfast/findings';
import * as text from '@holdfast/text';
import type { DataProblem, DataValue, LineIndex } from '@holdfast/text';
import { errorAt } from './parsed.js';

/** Where a value lies in a document: the keys and indexes that lead to it. */
export type KeyPath = readonly PropertyKey[];

/** One document of a YAML text, as plain data that knows its places. */
export interface YamlDocument {
  readonly value: unknown;
  /** Where the value at a path is, or the key that holds it; undefined where there is none. */
  place(path: KeyPath, part?: 'key' | 'value'): Range | undefined;
}

/** The documents that could be read, and what is wrong with the others. */
export interface YamlText {
  readonly documents: readonly YamlDocument[];
  readonly findings: readonly Finding[];
}

/** The parser takes a second or two for a text of this length, whatever it holds. */
const MAX_LENGTH = 1_048_576;
const MAX_DEPTH = 64;
/** How many nodes the aliases of one document may stand for, all in all. */
const MAX_ALIASED_VALUES = 10_000;

/**
 * Reads YAML 1.2 (core schema) to plain data with places. Empty documents are left out, and so are those with a finding:
 * what readers of YAML disagree about has no place in a configuration.
 */
export function readYaml(source: string, file: string): YamlText {
  const limits = {
    maxLength: MAX_LENGTH,
    maxDepth: MAX_DEPTH,
    maxAliasedValues: MAX_ALIASED_VALUES,
  };
  const { values, problems } = text.readYaml(source, limits);
  const lines = text.indexLines(source);
  return {
    documents: values.filter(({ isEmpty }) => !isEmpty).map((value) => locate(value, lines)),
    findings: problems.map((problem) => describe(problem, source, file, lines)),
  };
}

function locate({ value, spanOf }: DataValue, lines: LineIndex): YamlDocument {
  return {
    value,
    place(path, part) {
      const span = spanOf(writtenPath(value, path), part);
      return span && lines.rangeOf(span);
    },
  };
}

/** One entry may be written where a list of them is read: its index 0 leads to it. */
function writtenPath(root: unknown, path: KeyPath): (string | number)[] {
  const written: (string | number)[] = [];
  let value = root;
  for (const step of path) {
    if (step === 0 && !Array.isArray(value)) continue;
    const key = typeof step === 'symbol' ? String(step) : step;
    written.push(key);
    value = (value as Record<string | number, unknown> | null | undefined)?.[key];
  }
  return written;
}

function describe(
  { code, message, start, end }: DataProblem,
  source: string,
  file: string,
  lines: LineIndex,
): Finding {
  const range = lines.rangeAt(start, end);
  switch (code) {
    case 'syntax':
    case 'unknown-tag':
      return errorAt(file, range, 'yaml-syntax', message);
    case 'duplicate-key':
      return errorAt(file, range, code, message);
    case 'prototype-key':
      return errorAt(file, range, 'wrong-key', 'a key must not be __proto__');
    case 'complex-key':
      return errorAt(file, range, 'wrong-key', message);
    case 'alias':
      return errorAt(file, range, 'yaml-alias', message);
    case 'alias-bomb': {
      const limit = `the aliases must not stand for more than ${MAX_ALIASED_VALUES} values in all`;
      return errorAt(file, range, 'yaml-limit', limit);
    }
    case 'too-deep': {
      const limit = `the file must not be nested deeper than ${MAX_DEPTH} levels`;
      return errorAt(file, range, 'yaml-limit', limit);
    }
    case 'too-large': {
      const limit = `the file must not hold more than ${MAX_LENGTH} characters, it has ${source.length}`;
      return errorAt(file, range, 'yaml-limit', limit);
    }
  }
}
