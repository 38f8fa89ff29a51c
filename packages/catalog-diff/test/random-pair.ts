import fc from 'fast-check';
import type { Json } from '../src/index.js';
import { randomSchema } from './random-schema.ts';

/** Two schemas that often have to do with each other. */
export function randomPair(depth: number): fc.Arbitrary<readonly [Json, Json]> {
  return fc
    .tuple(randomSchema(depth), randomSchema(depth), fc.nat(4))
    .map(([left, right, relation]) => {
      const both = { allOf: [left, right] };
      const either = { anyOf: [left, right] };
      return (
        [
          [left, right],
          [both, left],
          [left, either],
          [left, both],
          [either, right],
        ] as const
      )[relation]!;
    });
}
