import * as z from 'zod';
import { GlobOrExclusion, named } from './schema-parts.js';

/** Names or glob patterns of targets, one or several; a leading `!` leaves out. */
const TargetNames = z
  .union([GlobOrExclusion, z.array(GlobOrExclusion).min(1, 'must hold one name or more')])
  .transform((names) => [names].flat());

const LabelValue = z.union([z.string(), z.number(), z.boolean()]);

const LabelChoice = named(
  (name) => (name === '' ? 'must not be empty' : undefined),
  z.union([LabelValue, z.array(LabelValue).min(1, 'must hold one value or more')]),
);

/**
 * Which targets a rule goes to. `match`: names or patterns, all targets where it is absent. `labels`:
 * every one of them must be what the target bears, or one of several values. `except`: names or
 * patterns that are left out.
 */
export interface TargetChoice {
  readonly match?: readonly string[];
  readonly labels?: Readonly<
    Record<string, string | number | boolean | readonly (string | number | boolean)[]>
  >;
  readonly except?: readonly string[];
}

/** Reads the `targets` of a rule: names and patterns alone are what `match` says. */
export const TargetChoice = z
  .union([
    GlobOrExclusion,
    z.array(GlobOrExclusion).min(1, 'must hold one name or more'),
    z.strictObject({
      match: z.exactOptional(TargetNames).describe('Names or patterns of targets; default all.'),
      labels: z.exactOptional(LabelChoice).describe('Labels that a target must bear.'),
      except: z.exactOptional(TargetNames).describe('Names or patterns that are left out.'),
    }),
  ])
  .transform((written): TargetChoice =>
    typeof written === 'string' || Array.isArray(written) ? { match: [written].flat() } : written,
  );

/** Whether a pattern is the name of one target. */
export function isLiteral(pattern: string): boolean {
  return !/[*?[\]{}()!\\]/.test(pattern);
}
