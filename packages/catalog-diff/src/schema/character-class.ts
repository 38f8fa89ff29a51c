import type { AST } from '@eslint-community/regexpp';
import { rangesOfProperty } from '@holdfast/json-schema';

/** Code points from the first to the second, both included. */
export type CharacterRange = readonly [number, number];

export const maxCodePoint = 0x10ffff;

const digits: CharacterRange[] = [[0x30, 0x39]];
const word: CharacterRange[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const space: CharacterRange[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const lineEnds: CharacterRange[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];

type ClassNode = AST.Character | AST.CharacterClass | AST.CharacterSet | AST.CharacterClassRange;

/** The characters that a node of a pattern takes, in order and apart; undefined for those of the flag `v`. */
export function classOf(node: ClassNode): CharacterRange[] | undefined {
  switch (node.type) {
    case 'Character':
      return [[node.value, node.value]];
    case 'CharacterClassRange':
      return [[node.min.value, node.max.value]];
    case 'CharacterSet':
      return setOf(node);
    case 'CharacterClass': {
      const ranges: CharacterRange[] = [];
      for (const element of node.elements) {
        if (
          element.type === 'ClassStringDisjunction' ||
          element.type === 'ExpressionCharacterClass'
        )
          return undefined;
        const inner = classOf(element);
        if (inner === undefined) return undefined;
        for (const one of inner) ranges.push(one);
      }
      return node.negate ? complement(merge(ranges)) : merge(ranges);
    }
  }
}

function setOf(set: AST.CharacterSet): CharacterRange[] | undefined {
  switch (set.kind) {
    case 'any':
      return complement(lineEnds);
    case 'digit':
      return set.negate ? complement(digits) : digits;
    case 'word':
      return set.negate ? complement(word) : word;
    case 'space':
      return set.negate ? complement(space) : space;
    case 'property':
      return set.strings ? undefined : rangesOfProperty(set.raw)?.slice();
  }
}

function merge(ranges: readonly CharacterRange[]): CharacterRange[] {
  const merged: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((left, right) => left[0] - right[0])) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function complement(ranges: readonly CharacterRange[]): CharacterRange[] {
  const rest: CharacterRange[] = [];
  let from = 0;
  for (const [start, end] of ranges) {
    if (start > from) rest.push([from, start - 1]);
    from = end + 1;
  }
  if (from <= maxCodePoint) rest.push([from, maxCodePoint]);
  return rest;
}
