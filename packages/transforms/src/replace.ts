import { RE2JS, RE2JSException } from 're2js';
import { digestOf, type Edit } from '@holdfast/text';
import { TransformError } from './transform-error.js';
import type { Transform, TransformResult } from './transform.js';

/** `replace`: a text, or what an expression matches, by another text. */
export interface ReplaceSettings {
  /** Exactly one of `literal` and `pattern`. */
  literal?: string | undefined;
  /** In RE2's syntax: linear time, no look-around, no back-references. Flags go inside: `(?im)`. */
  pattern?: string | undefined;
  /** With a pattern, `$1` and `${name}` stand for its groups, `$$` for a dollar sign. */
  with: string;
}

const longestPattern = 1000;
const largestProgram = 10_000;
const largestOutput = 32 * 2 ** 20;

/** Replaces in all text files, everywhere. */
export function createReplace(
  { literal, pattern, with: replacement }: ReplaceSettings,
  keyPath: readonly (string | number)[],
): Transform {
  const common = {
    name: 'replace',
    digest: digestOf({ replace: { literal, pattern, with: replacement } }),
    dependsOn: [],
  };
  if (pattern !== undefined && literal === undefined) {
    const expression = compilePattern(pattern, [...keyPath, 'pattern']);
    const parts = parseReplacement(replacement, expression, [...keyPath, 'with']);
    return {
      ...common,
      reversible: false,
      describe: () => `replace: what matches ${pattern} by ${JSON.stringify(replacement)}`,
      transform: ({ text }) => replacePattern(text, expression, parts),
    };
  }
  if (literal === undefined || pattern !== undefined || literal === '') {
    throw new TransformError('replace needs either a literal, which is not empty, or a pattern', {
      code: 'invalid-settings',
      data: { keyPath },
    });
  }
  const forward: Transform = {
    ...common,
    reversible: replacement !== '',
    describe: () => `replace: ${JSON.stringify(literal)} by ${JSON.stringify(replacement)}`,
    transform: ({ text }) => replaceLiteral(text, literal, replacement),
  };
  if (replacement === '') return forward;
  return { ...forward, reverse: ({ text }) => replaceLiteral(text, replacement, literal) };
}

function replaceLiteral(text: string, from: string, to: string): TransformResult {
  const edits: Edit[] = [];
  for (let at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + from.length)) {
    edits.push({ start: at, end: at + from.length, text: to });
  }
  return withinLimit(edits);
}

/** A piece of a replacement: a text, or a group's number. */
type ReplacementPart = string | number;

function replacePattern(
  text: string,
  expression: RE2JS,
  parts: readonly ReplacementPart[],
): TransformResult {
  const matcher = expression.matcher(text);
  const edits: Edit[] = [];
  while (matcher.find()) {
    const written = parts.map((part) =>
      typeof part === 'string' ? part : (matcher.group(part) ?? ''),
    );
    const edit = { start: matcher.start(), end: matcher.end(), text: written.join('') };
    if (text.slice(edit.start, edit.end) !== edit.text) edits.push(edit);
  }
  return withinLimit(edits);
}

function withinLimit(edits: Edit[]): TransformResult {
  const size = edits.reduce((sum, edit) => sum + edit.text.length, 0);
  if (size <= largestOutput) return { kind: 'edited', edits };
  const message = `the replacements take more than ${largestOutput} characters`;
  return {
    kind: 'failed',
    findings: [{ ruleId: 'transforms/output-too-large', severity: 'error', message }],
  };
}

/**
 * Compiles an expression of a rule file.
 *
 * @throws TransformError `invalid-settings` if it is malformed, or larger than linear time can excuse.
 */
export function compilePattern(pattern: string, keyPath: readonly (string | number)[]): RE2JS {
  const refuse = (problem: string, cause?: unknown) =>
    new TransformError(`the pattern ${JSON.stringify(pattern.slice(0, 80))} ${problem}`, {
      code: 'invalid-settings',
      data: { keyPath },
      cause,
    });
  if (pattern.length > longestPattern) throw refuse(`is longer than ${longestPattern} characters`);
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSException) throw refuse(`is not valid: ${error.message}`, error);
    throw error;
  }
  if (expression.programSize() > largestProgram)
    throw refuse('repeats too much: it takes too many steps');
  return expression;
}

/** Splits a replacement into texts and groups. */
export function parseReplacement(
  replacement: string,
  expression: RE2JS,
  keyPath: readonly (string | number)[],
): ReplacementPart[] {
  const names = expression.namedGroups();
  return replacement.split(/(\$\$|\$\d{1,2}|\$\{\w+\})/).map((piece, index) => {
    if (index % 2 === 0) return piece;
    if (piece === '$$') return '$';
    const name = piece.startsWith('${') ? piece.slice(2, -1) : undefined;
    const group = name === undefined ? Number(piece.slice(1)) : names[name];
    if (group !== undefined && group <= expression.groupCount()) return group;
    throw new TransformError(`${piece} names a group that the pattern does not have`, {
      code: 'invalid-settings',
      data: { keyPath },
      hint: 'write $$ for a dollar sign',
    });
  });
}
