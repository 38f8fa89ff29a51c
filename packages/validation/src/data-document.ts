/** A place in a text as offsets in UTF-16 units; `end` is exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** What is wrong with a JSON or YAML text. */
export interface DataProblem extends Span {
  code: 'syntax' | 'duplicate-key' | 'prototype-key' | 'too-deep' | 'too-large' | 'alias-bomb';
  message: string;
}

/** One JSON or YAML value with the places of its parts; a YAML text may hold several. */
export interface DataValue {
  value: unknown;
  /** The span of the part at a JSON pointer, or of its closest parent that stands in the text. */
  locate(pointer: string): Span;
}

/** A parsed JSON or YAML text. With problems, the values are those that could still be read. */
export interface DataDocument {
  values: DataValue[];
  problems: DataProblem[];
}

/** The keys of a JSON pointer (RFC 6901). */
export function pointerKeys(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The JSON pointer of a parent's pointer and a key. */
export function childPointer(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
