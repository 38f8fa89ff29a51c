import * as z from 'zod';
import { forgeOf } from './forge-of.js';
import { LiveCheck } from './live-check.js';
import { checkBranchName, checkEndpoint, checkLocation, checkRepositoryName } from './names.js';
import { checkedText, FilePath, FolderPath, Glob, Globs, named } from './schema-parts.js';
import { TransformStep } from './transform-step.js';

const CatalogueSource = z
  .strictObject({
    name: z
      .exactOptional(checkedText(checkRepositoryName, 'wrong-value'))
      .describe('What the manifest calls the source; default owner/name of its URL.'),
    repo: checkedText(checkLocation, 'unsafe-location').describe(
      'The path or URL of the source repository.',
    ),
    branch: z
      .exactOptional(checkedText(checkBranchName, 'unsafe-name'))
      .describe('The branch to follow; default the default branch.'),
    forge: z
      .exactOptional(z.enum(['embedded', 'github', 'gitlab', 'forgejo']))
      .describe('Where push opens its change request; default by the URL.'),
    api_url: z
      .exactOptional(checkedText(checkEndpoint, 'unsafe-location'))
      .describe('The API of the forge, where it is not at its host.'),
  })
  .transform((source) => ({ ...source, forge: source.forge ?? forgeOf(source.repo) }));

/** What is taken of the source: a glob into a folder, or single files by their paths. */
export type CatalogueContent = z.output<typeof CatalogueContent>;

const CatalogueContent = z.union([
  z.strictObject({
    from: Glob.describe(
      'The files of the source; what stands before its first wildcard is left out.',
    ),
    to: FolderPath.describe('The folder below root that receives them.'),
  }),
  z.strictObject({
    files: z
      .record(FilePath, FilePath)
      .describe('Single files: the path in the source, and the path below root.'),
  }),
]);

const TypeName = checkedText(
  (name) =>
    /^[\p{ID_Start}$_][\p{ID_Continue}$]{0,199}$/u.test(name)
      ? undefined
      : 'must be the name of a TypeScript type',
  'wrong-value',
);

/** Which TypeScript files of the source become schemas, and where these are kept below root. */
export type CatalogueTypes = z.output<typeof CatalogueTypes>;

const CatalogueTypes = z
  .union([
    Globs,
    z.strictObject({
      from: Globs.describe('The TypeScript files of the source.'),
      to: FolderPath.default('schemas/').describe('The folder below root that keeps the schemas.'),
      names: z
        .array(TypeName)
        .default([])
        .describe('The exported types that become schemas; default all of them.'),
    }),
  ])
  .transform((types) =>
    Array.isArray(types) ? { from: types, to: 'schemas/', names: [] as string[] } : types,
  );

const CatalogueValidation = z.strictObject({
  schemas: z
    .array(
      z.union([
        z.strictObject({
          files: Globs.describe('The files to validate, by their paths below root.'),
          schema: FilePath.describe('The JSON Schema, by its path from the configuration.'),
        }),
        z.strictObject({
          files: Globs.describe('The files to validate, by their paths below root.'),
          type: TypeName.describe('The TypeScript type that they follow, extracted by `types`.'),
        }),
      ]),
    )
    .default([])
    .describe('Files and the schemas they follow.'),
  types: z
    .exactOptional(CatalogueTypes)
    .describe('TypeScript files of the source whose exported types become schemas.'),
  live: z
    .exactOptional(LiveCheck)
    .describe('The endpoint that validate asks about the models; its files are paths below root.'),
});

/** A catalogue that is pulled from its source, edited here, and pushed back. */
export type Catalogue = z.output<typeof Catalogue>;

export const Catalogue = z.strictObject({
  source: CatalogueSource,
  root: FolderPath.describe('The folder of the catalogue, by its path from the configuration.'),
  content: named(
    (name) =>
      /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/.test(name)
        ? undefined
        : 'must be a name of letters, digits, _ and -',
    CatalogueContent,
  ).describe('What is pulled, by the name under which the manifest lists it.'),
  transforms: z
    .array(TransformStep)
    .default([])
    .describe('Steps that change content, in order; push reverses them.'),
  validation: CatalogueValidation.prefault({}).describe('What validate checks beside JSON itself.'),
});

/** The name of a catalogue's manifest, in its root. */
export const CATALOGUE_MANIFEST = '.sync-manifest.json';
