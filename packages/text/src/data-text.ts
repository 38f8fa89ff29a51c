import type { KeyPath } from './json-pointer.js';
import type { Span } from './place.js';

/**
 * What is wrong with a JSON or YAML text:
 * - `syntax`: it is none.
 * - `duplicate-key`: a key stands in one mapping twice; the last value counts in JSON, the first in YAML.
 * - `prototype-key`: the key `__proto__`, which many readers do not treat as data. Left out of a YAML value.
 * - `complex-key`: a YAML key that is no plain name (null, a list, a mapping, an alias). Left out of the value.
 * - `unknown-tag`: a YAML tag that the core schema does not have, or a directive that is not understood.
 * - `alias`: an alias without an anchor before it, or one that stands for what it is part of.
 * - `too-deep`, `too-large`, `alias-bomb`: beyond a limit.
 */
export type DataProblemCode =
  | 'syntax'
  | 'duplicate-key'
  | 'prototype-key'
  | 'complex-key'
  | 'unknown-tag'
  | 'alias'
  | 'too-deep'
  | 'too-large'
  | 'alias-bomb';

/** One thing that is wrong, with its offsets in the text. */
export interface DataProblem extends Span {
  readonly code: DataProblemCode;
  /** For people; begins in lower case and completes "the text …: ". */
  readonly message: string;
}

/** One JSON or YAML value that knows its places. */
export interface DataValue {
  /**
   * Plain objects, arrays and scalars, as `JSON.parse` gives them: in JSON, `__proto__` is a property like any other. What
   * YAML aliases stand for is one object in several places: do not change it.
   */
  readonly value: unknown;
  /** True for a YAML document without content: nothing, or comments alone. Its value is null. */
  readonly isEmpty: boolean;
  /** Where the value at a path is, or its key; undefined where the text has none. Aliases are followed. */
  spanOf(path: KeyPath, part?: 'key' | 'value'): Span | undefined;
  /** Where the value at a path is, or the closest of the values around it that stands in the text. */
  closestSpan(path: KeyPath): Span;
}

/** A text that was read: the values that are whole, and what is wrong, in the order of the text. */
export interface DataText {
  /** One for JSON, one for each document of YAML; a document with a problem beyond its keys is left out. */
  readonly values: readonly DataValue[];
  readonly problems: readonly DataProblem[];
}
