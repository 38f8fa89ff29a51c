import * as z from 'zod';
import { ShortText } from './schema-parts.js';

/** A stretch of text for a pattern or its replacement; long enough for a licence header. */
const LongText = z.string().max(10_000, 'must not be longer than 10000 characters');
const NonEmpty = LongText.min(1, 'must not be empty');

const RewritePaths = z.strictObject({
  from: NonEmpty.describe('The path prefix to replace, like core/.'),
  to: LongText.describe('What to put in its place, like docs/agent33/.'),
  in: z
    .array(z.enum(['links', 'code_spans', 'text']))
    .min(1, 'must name one place or more')
    .default(['links', 'code_spans'])
    .describe('Where paths are rewritten.'),
});

const Pair = z.tuple([NonEmpty, NonEmpty]);

const TemplateOptions = z.strictObject({
  delimiters: z
    .strictObject({
      output: z.exactOptional(Pair).describe('Around a value; default {{ and }}.'),
      tag: z.exactOptional(Pair).describe('Around a tag; default {% and %}.'),
    })
    .describe('What marks template code, for files that use the usual marks themselves.'),
});

const Replace = z
  .strictObject({
    pattern: z.exactOptional(NonEmpty).describe('A regular expression (RE2 syntax).'),
    literal: z.exactOptional(NonEmpty).describe('A text to find as it stands.'),
    with: LongText.describe('What to put in its place.'),
    regex: z
      .exactOptional(z.boolean())
      .describe('Whether pattern is a regular expression; default true.'),
  })
  .superRefine(({ pattern, literal, regex }, context) => {
    if ((pattern === undefined) === (literal === undefined)) {
      context.addIssue({ code: 'custom', message: 'must have either pattern or literal' });
    } else if (literal !== undefined && regex) {
      context.addIssue({
        code: 'custom',
        message: 'must have pattern in the place of literal for regex: true',
      });
    }
  })
  .transform(({ pattern, literal, with: replacement, regex = true }) => ({
    pattern: pattern ?? literal ?? '',
    with: replacement,
    regex: literal === undefined && regex,
  }));

const Rename = z.strictObject({
  from: NonEmpty.describe('The path, or the end of a folder prefix in /, to rename.'),
  to: LongText.describe('What it becomes.'),
});

const Keys = z.strictObject({
  strip_internal_links: z
    .exactOptional(z.boolean())
    .describe('Remove links to documents that are internal or not delivered; the text stays.'),
  undelivered_links: z
    .exactOptional(z.enum(['strip', 'permalink', 'keep']))
    .describe('What becomes of a link to a document that is not delivered.'),
  rewrite_paths: z
    .exactOptional(
      z.union([RewritePaths, z.array(RewritePaths).min(1, 'must hold one entry or more')]),
    )
    .describe('Replace path prefixes; one entry or a list.'),
  template: z.exactOptional(TemplateOptions).describe('Options of the strategy template.'),
  header: z
    .exactOptional(z.union([z.boolean(), ShortText]))
    .describe('A do-not-edit notice in the comment syntax of the file: true, or its text.'),
  version_tag: z
    .exactOptional(z.union([z.boolean(), z.enum(['front_matter', 'header'])]))
    .describe('Write the version into front matter (true) or a header line.'),
  replace: z.exactOptional(Replace).describe('Replace a text or a pattern.'),
  rename: z.exactOptional(Rename).describe('Change the delivered path.'),
});

type Values = z.output<typeof Keys>;
type Normalised = Omit<Values, 'rewrite_paths'> & {
  rewrite_paths: z.output<typeof RewritePaths>[];
};

/** One step of a rule's transforms: an object with exactly one key, which names the step. */
export type TransformStep = {
  [Key in keyof Normalised]-?: { [K in Key]: NonNullable<Normalised[Key]> };
}[keyof Normalised];

/** Reads one step; `rewrite_paths` becomes a list also where one entry was written. */
export const TransformStep = Keys.superRefine((step, context) => {
  const keys = Object.keys(step);
  if (keys.length === 1) return;
  const message = `must have exactly one key${keys.length > 1 ? `, got ${keys.join(' and ')}: write a list entry each` : ''}`;
  context.addIssue({ code: 'custom', message });
}).transform((step) => {
  const { rewrite_paths: rewrites } = step;
  return (rewrites ? { rewrite_paths: [rewrites].flat() } : step) as TransformStep;
});
