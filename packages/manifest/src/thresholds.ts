import * as z from 'zod';

/** From where on something is worth an alert: what is more than these is. Absent: what is said elsewhere. */
export type ThresholdSettings = z.output<typeof ThresholdSettings>;

/** Reads the `thresholds` of a configuration, a rule or a target. */
export const ThresholdSettings = z.strictObject({
  days: z
    .exactOptional(z.int().min(1, 'must be 1 or more'))
    .describe('Days since the last sync; default 14.'),
  on_change_days: z
    .exactOptional(z.int().min(1, 'must be 1 or more'))
    .describe('The same for on_change rules; default 7.'),
  releases: z
    .exactOptional(z.int().min(0, 'must be 0 or more'))
    .describe('Releases missed; 0 tells the first one; default 1.'),
  failures: z
    .exactOptional(z.int().min(0, 'must be 0 or more'))
    .describe('Failed runs in a row; 0 tells the first one; default 2.'),
});
