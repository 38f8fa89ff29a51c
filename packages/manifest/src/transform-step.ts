import * as z from 'zod';

/** A stretch of text for a pattern or its replacement; long enough for a licence header. */
const Text = z.string().max(10_000, 'must not be longer than 10000 characters');
const NonEmpty = Text.min(1, 'must not be empty');

const RewritePaths = z.strictObject({
  from: NonEmpty.describe('The path prefix to replace, like core/.'),
  to: Text.describe('What to put in its place, like docs/agent33/.'),
  in: z
    .array(z.enum(['links', 'code_spans', 'text']))
    .min(1, 'must name one place or more')
    .default(['links', 'code_spans'])
    .describe('Where paths are rewritten.'),
});

const Delimiters = z.tuple([NonEmpty, NonEmpty]);

const TemplateOptions = z.strictObject({
  delimiters: z
    .exactOptional(
      z.strictObject({
        output: z.exactOptional(Delimiters).describe('Around a value; default {{ and }}.'),
        tag: z.exactOptional(Delimiters).describe('Around a tag; default {% and %}.'),
      }),
    )
    .describe('What marks template code, for files that use the usual marks themselves.'),
});

const Header = z.strictObject({
  text: z.exactOptional(NonEmpty).describe('The notice; default one that names the source.'),
});

const VersionTag = z.strictObject({
  place: z
    .enum(['front_matter', 'header'])
    .default('front_matter')
    .describe('Into the front matter of Markdown, or a comment line at the top.'),
  key: z.exactOptional(NonEmpty).describe('The key; default the namespace with _version.'),
});

/** An object whose options may all be left out, then written as `true`. */
function optionsOrTrue<Options extends z.ZodType>(options: Options, defaults: z.output<Options>) {
  return z
    .union([z.literal(true), options])
    .transform((value): z.output<Options> => (value === true ? defaults : value));
}

const Replace = z
  .strictObject({
    literal: z.exactOptional(NonEmpty).describe('The text to find, as it stands.'),
    pattern: z.exactOptional(NonEmpty).describe('The regular expression to find (RE2 syntax).'),
    regex: z.exactOptional(z.boolean()).describe('false: pattern is a literal text.'),
    with: Text.describe('What to put in its place; $1 stands for a group of the pattern.'),
  })
  .superRefine(({ literal, pattern, regex }, context) => {
    if ((literal === undefined) === (pattern === undefined)) {
      context.addIssue({ code: 'custom', message: 'must have either literal or pattern' });
    } else if (literal !== undefined && regex) {
      context.addIssue({
        code: 'custom',
        message: 'must have pattern in the place of literal for regex: true',
      });
    }
  })
  .transform(({ literal, pattern = '', regex = true, with: replacement }): Replacement => {
    if (literal !== undefined) return { literal, with: replacement };
    return regex ? { pattern, with: replacement } : { literal: pattern, with: replacement };
  });

/** What a step finds, and what it puts in its place. */
type Replacement = { literal: string; with: string } | { pattern: string; with: string };

const Rename = z.union([
  z.strictObject({
    from: NonEmpty.describe('A file name, a path from the target root, or a folder ending in /.'),
    to: NonEmpty.describe('What it becomes.'),
  }),
  z.strictObject({
    pattern: NonEmpty.describe('A regular expression (RE2 syntax), found anywhere in the path.'),
    to: NonEmpty.describe('What it becomes; $1 stands for a group.'),
  }),
]);

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
    .exactOptional(optionsOrTrue(Header, {}))
    .describe('A do-not-edit notice in the comment syntax of each file.'),
  version_tag: z
    .exactOptional(optionsOrTrue(VersionTag, { place: 'front_matter' }))
    .describe('The version, written into each file.'),
  replace: z.exactOptional(Replace).describe('Replace a text, or what an expression matches.'),
  rename: z.exactOptional(Rename).describe('Change the delivered path.'),
});

type Values = Required<z.output<typeof Keys>>;
type Normalised = Omit<Values, 'rewrite_paths'> & {
  rewrite_paths: z.output<typeof RewritePaths>[];
};

/** One step of a rule's transforms: an object with exactly one key, which names the step. */
export type TransformStep = {
  [Key in keyof Normalised]: { [Only in Key]: Normalised[Key] };
}[keyof Normalised];

/**
 * Reads one step to its only form: `rewrite_paths` is a list, `header` and `version_tag` are objects,
 * `replace` has either `literal` or `pattern`.
 */
export const TransformStep = Keys.superRefine((step, context) => {
  const keys = Object.keys(step);
  if (keys.length === 1) return;
  const several =
    keys.length > 1 ? `, got ${keys.join(' and ')}: make each an entry of the list` : '';
  context.addIssue({ code: 'custom', message: `must have exactly one key${several}` });
}).transform((step) => {
  const { rewrite_paths: rewrites } = step;
  return (rewrites ? { rewrite_paths: [rewrites].flat() } : step) as TransformStep;
});
