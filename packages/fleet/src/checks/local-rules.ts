import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { compileGlob, compileSelection, mapDeliveredPath } from '@holdfast/manifest';
import type { Catalogue, Configuration, LiveCheck, LocatedRule } from '@holdfast/manifest';
import type { SchemaBinding, LinkStyle, RuleSeverity } from '@holdfast/validation';
import type { ReadConfiguration } from '../open/read-configuration.js';

/** What the configuration says about the files of a tree. */
export interface LocalRules {
  /** Of the rules that deliver from this tree, each for the files that it delivers. */
  readonly scans: readonly SecretScope[];
  readonly schemas: readonly SchemaBinding[];
  readonly live?: LiveCheck;
  /** The files that `live` names as models, if it names any. */
  readonly models?: (path: string) => boolean;
  /** Those that lie in this tree. */
  readonly catalogues: readonly LocalCatalogue[];
}

/** A catalogue of the configuration, where it lies in a tree. */
export interface LocalCatalogue {
  readonly name: string;
  /** The folder in the tree: empty for its root, else with `/` at its end. */
  readonly root: string;
  readonly settings: Catalogue;
  /** The files that the live check of this catalogue is about. */
  readonly isModel: (path: string) => boolean;
}

/** Denied patterns and allowed fingerprints, and the files that they are for. */
export interface SecretScope {
  readonly applies: (path: string) => boolean;
  readonly deny: readonly string[];
  readonly allow: readonly string[];
  /** What findings weigh, by rule id; of several scopes the last one counts. */
  readonly severities: Readonly<Record<string, RuleSeverity>>;
  /** How the files write links. */
  readonly links: LinkStyle;
}

/**
 * What the configuration asks of the files of a tree: the section `validation`, whose paths are
 * relative to the configuration, and the `deny`, `allow_secrets` and `schemas` of each rule that
 * delivers from this very tree, for the files that it selects. A rule adds; what it switches off stays
 * on here, where `--skip` is at hand. Renaming transforms are not followed: a schema is for the path
 * before them.
 */
export async function readLocalRules(
  { folder, configuration, rules }: ReadConfiguration,
  root: string,
): Promise<LocalRules> {
  const { validation, source } = configuration;
  const here = (await realPath(resolve(folder, source.repo))) === root;
  const placed = new Map(rules.map((one) => [`${one.rule.id} ${one.rule.target_path}`, one]));
  const own = here ? [...placed.values()].map((one) => ownRule(one, configuration)) : [];
  const base = baseOf(relative(root, (await realPath(folder)) ?? folder));
  const catalogues = base === undefined ? [] : placeCatalogues(configuration, base);
  const { live, schemas = [] } = validation ?? {};
  return {
    scans: own.map(({ scan }) => scan),
    schemas: [
      ...own.flatMap(({ schemas }) => schemas),
      ...schemas.map(({ files, schema }) => ({
        files: compileBelow(base ?? '', files),
        schema: (base ?? '') + schema,
      })),
      ...catalogues.flatMap((catalogue) => schemasOf(catalogue, base ?? '')),
    ],
    catalogues,
    ...(live ? { live } : {}),
    ...(live?.files ? { models: compileBelow(base ?? '', live.files) } : {}),
  };
}

/** The folder of the configuration in the tree; undefined for one that lies elsewhere. */
function baseOf(way: string): string | undefined {
  if (way === '') return '';
  const elsewhere = isAbsolute(way) || /^\.\.(?:$|[\\/])/.test(way);
  return elsewhere ? undefined : `${way.split(sep).join('/')}/`;
}

function placeCatalogues({ catalogues }: Configuration, base: string): LocalCatalogue[] {
  return Object.entries(catalogues).map(([name, settings]) => {
    const root = base + settings.root;
    const { live, schemas } = settings.validation;
    const models = live?.files ? [live.files] : schemas.map(({ files }) => files);
    const matchers = models.map((files) => compileBelow(root, files));
    return { name, root, settings, isModel: (path) => matchers.some((matches) => matches(path)) };
  });
}

/** The schemas of a catalogue: by their paths, or by the types that they were extracted from. */
function schemasOf({ root, settings }: LocalCatalogue, base: string): SchemaBinding[] {
  const { schemas, types } = settings.validation;
  return schemas.map((bound) => ({
    files: compileBelow(root, bound.files),
    schema:
      'schema' in bound
        ? base + bound.schema
        : `${root}${types?.to ?? 'schemas/'}${bound.type}.schema.json`,
  }));
}

function compileBelow(base: string, files: readonly string[]): (path: string) => boolean {
  const matches = compileGlob(files);
  return (path) => path.startsWith(base) && matches(path.slice(base.length));
}

async function realPath(location: string): Promise<string | undefined> {
  return realpath(location).catch(() => undefined);
}

function ownRule(
  { rule }: LocatedRule,
  { source: { internal } }: Configuration,
): { scan: SecretScope; schemas: SchemaBinding[] } {
  const applies = compileSelection(rule, internal);
  const { deny, allow_secrets: allow, secret_rules: severities } = rule.validation;
  return {
    scan: { applies, deny, allow, severities, links: rule.links },
    schemas: rule.schemas.map(({ files, schema }) => {
      const isMeant = compileGlob(files);
      return {
        files: (path) => applies(path) && isMeant(mapDeliveredPath(rule, path)),
        schema,
      };
    }),
  };
}
