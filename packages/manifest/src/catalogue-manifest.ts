import * as z from 'zod';
import { checkPath, indexLines, readJson } from '@holdfast/text';
import type { FileMode } from '@holdfast/text';
import { explainIssues } from './explain-issues.js';
import { errorAt, invalid } from './parsed.js';
import type { Parsed } from './parsed.js';
import { checkedText } from './schema-parts.js';

const Oid = z.string().regex(/^[0-9a-f]{40}$/, 'must be an object id of 40 hexadecimal digits');
const Path = checkedText((path) => checkPath(path)?.message, 'unsafe-path');
const Text = z.string().min(1).max(4096);

/** What the last pull left at one path below the root. */
export type CatalogueEntry = z.output<typeof Entry>;

const Entry = z.object({
  source: Path,
  /** The blob id of what upstream delivers there, transformed: the base of the next merge. */
  oid: Oid,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 of 64 hexadecimal digits'),
  mode: z.enum(['100644', '100755'] satisfies FileMode[]),
  /** The blob id of the source file, where transforms made something else of it. */
  source_oid: z.exactOptional(Oid),
  /** The pull left conflict markers, or a file that the source withdrew. */
  conflict: z.exactOptional(z.literal(true)),
});

/** The schemas that the last pull extracted from the source's TypeScript types. */
export type CatalogueTypeRecord = z.output<typeof TypeRecord>;

const TypeRecord = z.object({
  /** The blob ids of the source files that the types are made of, as pulled. */
  sources: z.record(Path, Oid),
  /** The blob ids of the schemas by their paths below the root. */
  schemas: z.record(Path, Oid),
  /** The types changed, and no schemas could be made of them: these are of before. */
  stale: z.exactOptional(z.literal(true)),
});

/**
 * What a catalogue holds and where it is from: `.sync-manifest.json`. Keys that this version does not
 * know are dropped.
 */
export interface CatalogueManifest {
  readonly source_repo: string;
  /** The commit that was pulled, 40 hexadecimal digits. */
  readonly source_commit: string;
  /** The date of that commit, in UTC: nothing here depends on the clock. */
  readonly synced_at: string;
  readonly synced_by: string;
  /** The names of the entries, by the configuration's names of content. */
  readonly content: Readonly<Record<string, readonly string[]>>;
  readonly version: 1;
  /** By the path below the root. */
  readonly files: ReadonlyMap<string, CatalogueEntry>;
  /** Absent where the configuration asks for no schemas of types. */
  readonly types?: CatalogueTypeRecord;
}

const Document = z.object({
  source_repo: Text,
  source_commit: Oid,
  synced_at: z.iso.datetime(),
  synced_by: Text,
  content: z.record(z.string(), z.array(z.string())).default({}),
  version: z.literal(1).default(1),
  files: z.record(Path, Entry).default({}),
  types: z.exactOptional(TypeRecord),
});

/** More is no manifest of a catalogue. */
const MAX_LENGTH = 64 * 1_048_576;

/**
 * Parses a catalogue's manifest. One that another tool wrote, without `version` and `files`, is valid:
 * nothing is known of its files then. All that is wrong comes back at once, with places.
 */
export function parseCatalogueManifest(
  text: string,
  { file }: { readonly file: string },
): Parsed<CatalogueManifest> {
  if (text.length > MAX_LENGTH) {
    const message = `a manifest must not hold more than ${MAX_LENGTH} characters, it has ${text.length}`;
    return invalid([errorAt(file, undefined, 'json-limit', message)]);
  }
  const { values, problems } = readJson(text, { maxDepth: 64 });
  const [value] = values;
  const lines = indexLines(text);
  if (problems.length > 0 || !value) {
    return invalid(
      problems.map(({ start = 0, message }) =>
        errorAt(file, lines.rangeAt(start, start), 'json-syntax', message),
      ),
    );
  }
  const data = value.value;
  const version: unknown = isObject(data) ? data['version'] : undefined;
  if (typeof version === 'number' && version > 1) {
    const message = `version must be 1, got ${version}: this manifest was written by a newer Holdfast; update this one`;
    return invalid([errorAt(file, undefined, 'manifest-newer-version', message)]);
  }
  const parsed = Document.safeParse(data);
  if (parsed.success) {
    const { files, ...head } = parsed.data;
    return { kind: 'parsed', value: { ...head, files: new Map(Object.entries(files)) } };
  }
  const place = (path: readonly (string | number)[]) => {
    return lines.rangeOf(value.closestSpan(path));
  };
  const subject = { file, schema: Document, value: data, name: 'the manifest', place };
  return { kind: 'invalid', findings: explainIssues(parsed.error.issues, subject) };
}

/** Serialises a catalogue's manifest: the keys in the order of the format, paths sorted. */
export function serializeCatalogueManifest(manifest: CatalogueManifest): string {
  const { source_repo, source_commit, synced_at, synced_by, content, version, files, types } =
    manifest;
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const document = {
    source_repo,
    source_commit,
    synced_at,
    synced_by,
    content,
    version,
    files: Object.fromEntries(sorted),
    ...(types ? { types: serializeTypes(types) } : {}),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function serializeTypes({ sources, schemas, stale }: CatalogueTypeRecord): CatalogueTypeRecord {
  const sorted = (record: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    sources: sorted(sources),
    schemas: sorted(schemas),
    ...(stale === undefined ? {} : { stale }),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
