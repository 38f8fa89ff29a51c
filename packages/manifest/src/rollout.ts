import * as z from 'zod';
import { TargetChoice } from './target-choice.js';

/** How much is too much: so many targets, or so large a part of those that were reached. */
export type RolloutLimit =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'share'; readonly percent: number };

const Limit = z
  .union([
    z.int().min(1, 'must be 1 or more, or a share like 10%'),
    z
      .string()
      .regex(
        /^(?:100|[1-9]?\d)(?:\.\d+)?%$/,
        'must be a number of targets, or a share of 0.1% to 100%',
      ),
  ])
  .refine((limit) => typeof limit === 'number' || Number.parseFloat(limit) > 0, {
    message: 'must be more than 0%',
  })
  .refine((limit) => typeof limit === 'number' || Number.parseFloat(limit) <= 100, {
    message: 'must be 100% or less',
  })
  .transform((limit): RolloutLimit =>
    typeof limit === 'number'
      ? { kind: 'count', count: limit }
      : { kind: 'share', percent: Number.parseFloat(limit) },
  );

/** `checks`, `merged`, or a time. */
const Wait = z
  .string()
  .regex(
    /^(?:checks|merged|[1-9]\d{0,4}[mhd])$/,
    'must be checks, merged, or a time like 90m, 24h or 3d',
  );

const Wave = z.strictObject({
  targets: TargetChoice.describe(
    'Names, patterns or labels, as in a rule; the first wave that fits counts.',
  ),
  wait: Wait.default('checks').describe(
    'Before the next wave: checks that pass, requests that are merged, or a time like 24h.',
  ),
});

/** One part of the fleet; `wait` is `checks`, `merged` or a time: `90m`, `24h`, `3d`. */
export type Wave = z.output<typeof Wave>;

/** How a release reaches the fleet, one part after the other. */
export type Rollout = z.output<typeof Rollout>;

/** Reads the `rollout` of a configuration. */
export const Rollout = z.strictObject({
  waves: z
    .array(Wave)
    .min(1, 'must hold one wave or more')
    .describe('Who is first; targets that no wave names come last, in a wave of their own.'),
  halt_on: z
    .strictObject({
      failed: Limit.prefault(1).describe(
        'Targets whose sync or checks fail, from which on nothing more is opened; default 1.',
      ),
      conflict: z
        .exactOptional(Limit)
        .describe('Targets with conflicts to decide, likewise; default any number.'),
    })
    .prefault({})
    .describe('When to stop: a number of targets, or a share of those reached.'),
});
