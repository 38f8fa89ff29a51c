import { RegExpParser, type AST } from '@eslint-community/regexpp';
import { classOf, type CharacterRange } from './character-class.js';

/** Consumes one character of `ranges` on the way to `to`. */
export interface CharacterEdge {
  readonly ranges: readonly CharacterRange[];
  readonly to: number;
}

/**
 * A regular expression as an automaton without assertions but `^` and `$`. It matches anywhere in a text, as JSON
 * Schema's patterns do.
 */
export interface Pattern {
  readonly source: string;
  /** Moves that consume nothing; `at` says where in the text they may be taken. */
  readonly moves: readonly (readonly { to: number; at: 'anywhere' | 'start' | 'end' }[])[];
  readonly edges: readonly (readonly CharacterEdge[])[];
  readonly start: number;
  readonly final: number;
}

/** Automata larger than this are not built: counted repetition multiplies. */
const maxStates = 4000;

/**
 * Reads a pattern, as ECMA-262 with the flag `u`, or without it where only that parses.
 *
 * @returns undefined when it is no regular expression, or not a regular one: lookaround, back-references, `\b`,
 * repetition that multiplies beyond {@link maxStates} states.
 */
export function parsePattern(source: string): Pattern | undefined {
  const tree = parseTree(source);
  if (tree === undefined) return undefined;
  const builder = new PatternBuilder();
  const start = builder.addState();
  try {
    const final = builder.alternatives(tree.alternatives, start);
    return { source, moves: builder.moves, edges: builder.edges, start, final };
  } catch (error) {
    if (error instanceof NotRegular || error instanceof RangeError) return undefined;
    throw error;
  }
}

function parseTree(source: string): AST.Pattern | undefined {
  if (source.length > 10_000) return undefined;
  for (const unicode of [true, false]) {
    try {
      return new RegExpParser({ ecmaVersion: 2025 }).parsePattern(source, 0, source.length, {
        unicode,
      });
    } catch {
      // Not a pattern in this mode.
    }
  }
  return undefined;
}

class NotRegular extends Error {}

/** Thompson's construction: each method adds what matches its node behind the state `from`, and returns the last state. */
class PatternBuilder {
  readonly moves: { to: number; at: 'anywhere' | 'start' | 'end' }[][] = [];
  readonly edges: CharacterEdge[][] = [];

  addState(): number {
    if (this.moves.length >= maxStates) throw new NotRegular();
    this.edges.push([]);
    return this.moves.push([]) - 1;
  }

  alternatives(alternatives: readonly AST.Alternative[], from: number): number {
    const end = this.addState();
    for (const { elements } of alternatives) {
      const begin = this.addState();
      this.move(from, begin);
      this.move(
        elements.reduce((at, element) => this.element(element, at), begin),
        end,
      );
    }
    return end;
  }

  element(element: AST.Element, from: number): number {
    switch (element.type) {
      case 'Quantifier':
        return this.repeated(element, from);
      case 'Group':
        if (element.modifiers !== null) throw new NotRegular();
        return this.alternatives(element.alternatives, from);
      case 'CapturingGroup':
        return this.alternatives(element.alternatives, from);
      case 'Assertion': {
        if (element.kind !== 'start' && element.kind !== 'end') throw new NotRegular();
        const to = this.addState();
        this.moves[from]!.push({ to, at: element.kind });
        return to;
      }
      case 'Character':
      case 'CharacterClass':
      case 'CharacterSet': {
        const ranges = classOf(element);
        if (ranges === undefined) throw new NotRegular();
        const to = this.addState();
        this.edges[from]!.push({ ranges, to });
        return to;
      }
      default:
        throw new NotRegular();
    }
  }

  repeated({ element, min, max }: AST.Quantifier, from: number): number {
    let at = from;
    for (let count = 0; count < min; count++) at = this.element(element, at);
    const end = this.addState();
    if (max === Infinity) {
      const loop = this.addState();
      this.move(at, loop);
      this.move(this.element(element, loop), loop);
      this.move(loop, end);
      return end;
    }
    for (let count = min; count < max; count++) {
      this.move(at, end);
      at = this.element(element, at);
    }
    this.move(at, end);
    return end;
  }

  private move(from: number, to: number): void {
    this.moves[from]!.push({ to, at: 'anywhere' });
  }
}
