import * as z from 'zod';
import { checkEndpoint, checkHeaderName, checkVariableName } from './names.js';
import { checkedText, Globs, named } from './schema-parts.js';

/** The endpoint of a live check: of `holdfast validate --live`, or of a catalogue. */
export type LiveCheck = z.output<typeof LiveCheck>;

export const LiveCheck = z.strictObject({
  url: checkedText(checkEndpoint, 'unsafe-location').describe('Where each model is sent to.'),
  method: z.enum(['POST', 'PUT']).default('POST').describe('How it is sent.'),
  files: z
    .exactOptional(Globs)
    .describe('The files that are models; default those that follow a schema.'),
  headers_from_env: named(checkHeaderName, checkedText(checkVariableName, 'wrong-value'))
    .prefault({})
    .describe('Headers and the environment variables that hold their values, such as a token.'),
  timeout_seconds: z
    .number()
    .min(1, 'must be 1 or more')
    .max(600, 'must be 600 or less')
    .default(30)
    .describe('How long one answer may take.'),
});
