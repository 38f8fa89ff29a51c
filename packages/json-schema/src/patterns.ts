import { RE2JS } from 're2js';
import type { RunWithin, SchemaLimits } from './limits.js';
import { writeOutProperties } from './write-out-properties.js';

/** What ajv takes for a regular expression. It tells patterns apart by their `toString`. */
export interface CompiledPattern {
  test(value: string): boolean;
  toString(): string;
}

/** Says whether a value matches a pattern, where that cannot be known: an assumption, to be tried both ways. */
export type Assume = (pattern: string, value: string) => boolean;

export interface PatternOptions {
  readonly limits: SchemaLimits;
  readonly runWithin: RunWithin | undefined;
  readonly assume: Assume;
  /** Told of each pattern that has no linear form, with the reason. */
  onHard(pattern: string, reason: string): void;
}

/** A pattern that is no regular expression; `message` says which, and why. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Most answers that are kept of one pattern without a linear form. */
const MAX_KEPT = 10_000;

/**
 * Compiles patterns of schemas. RE2 matches in linear time; what it has no words for (look-around, back-references)
 * is left to the platform's own engine within a time limit, and where that has none, or runs out, to an assumption.
 */
export function createPatternCompiler(
  options: PatternOptions,
): (pattern: string) => CompiledPattern {
  return (pattern) => ({
    test: compileLinear(pattern) ?? compileHard(pattern, options),
    toString: () => pattern,
  });

  function compileLinear(pattern: string): ((value: string) => boolean) | undefined {
    const compiled = translate(pattern);
    if (compiled instanceof RE2JS) return (value) => compiled.matcher(value).find();
    const written = writeOutProperties(pattern);
    const retried = written === undefined ? compiled : translate(written);
    if (retried instanceof RE2JS) return (value) => retried.matcher(value).find();
    options.onHard(pattern, compiled);
    return undefined;
  }
}

/** A pattern of RE2, or why there is none. */
function translate(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function compileHard(
  pattern: string,
  { limits: { patternTimeoutMs }, runWithin, assume }: PatternOptions,
): (value: string) => boolean {
  const native = compileNative(pattern);
  // One match that does not end is enough: what comes after would wait as long, each.
  let own = runWithin && native;
  const known = new Map<string, boolean>();
  return (value) => {
    const kept = known.get(value);
    if (kept !== undefined) return kept;
    const matcher = own;
    const answer = matcher && runWithin?.(patternTimeoutMs, () => matcher.test(value));
    if (!answer) {
      own = undefined;
      return assume(pattern, value);
    }
    if (known.size < MAX_KEPT) known.set(value, answer.value);
    return answer.value;
  };
}

/** Patterns mean Unicode; many were written without knowing, and are good only where they do not. */
function compileNative(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    try {
      return new RegExp(pattern);
    } catch (error) {
      throw new PatternError(`the pattern is no regular expression: ${(error as Error).message}`);
    }
  }
}
