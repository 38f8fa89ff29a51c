import type { z } from 'zod';

import { fitBody } from '../text/fit-body.js';
import { ForgeError } from '../port/forge-error.js';
import { describeIssues } from './parse-record.js';
import { bodyLimit } from './request-limits.js';

/** An argument in the form that is stored. Throws `invalid-argument` with all that is wrong. */
export function parseArgument<T>(name: string, value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ForgeError(
    'invalid-argument',
    `${name}: ${describeIssues(parsed.error)}, got ${quote(value)}`,
    { data: { argument: name, actual: value }, cause: parsed.error },
  );
}

/** A body in the form that is stored: well-formed Unicode within the limit. */
export function parseBodyArgument(body: string): string {
  return fitBody(body.toWellFormed(), bodyLimit);
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80).toWellFormed()}…` : text;
}
