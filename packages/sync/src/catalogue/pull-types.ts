import { compileGlob } from '@holdfast/manifest';
import type { CatalogueTypeRecord, CatalogueTypes } from '@holdfast/manifest';
import { hashBlob } from '@holdfast/text';
import type { Snapshot, SourceRepository, TreeChange } from '../ports.js';
import type { CatalogueFolder } from './catalogue-ports.js';
import type { PulledFile } from './pulled-file.js';

/** TypeScript files of a source by path, and the types that are wanted of some. */
export interface TypeSources {
  readonly files: ReadonlyMap<string, string>;
  /** The files whose exported types become schemas; the others are what they import. */
  readonly wanted: readonly string[];
  /** Names of types; empty: all. */
  readonly names: readonly string[];
}

/** Schemas by the name of their file, with what is wrong with other types; or why there are none. */
export type ExtractedTypes =
  | {
      readonly kind: 'extracted';
      readonly schemas: ReadonlyMap<string, string>;
      readonly problems: readonly string[];
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** Makes schemas of types. */
export type ExtractTypes = (sources: TypeSources) => Promise<ExtractedTypes>;

/** What a pull does with the schemas of types. */
export interface TypesPlan {
  readonly record?: CatalogueTypeRecord;
  readonly files: readonly PulledFile[];
  readonly changes: readonly TreeChange[];
  /** What is wrong with types, or why there are no new schemas. */
  readonly problems: readonly string[];
}

export interface TypesInput {
  readonly types: CatalogueTypes | undefined;
  readonly previous: CatalogueTypeRecord | undefined;
  readonly snapshot: Snapshot;
  readonly source: Pick<SourceRepository, 'readBlob'>;
  readonly folder: Pick<CatalogueFolder, 'look'>;
  readonly extract: ExtractTypes;
  readonly full: boolean;
}

/** Far more than the types of a catalogue are made of. */
const MAX_FILES = 5_000;

/**
 * Plans the schemas of the source's types. They are made anew only where the files that they are made of
 * have other object ids than at the last pull; where that cannot be done, the old ones stay and the
 * manifest says that they are stale. A schema that was edited here is kept, unless everything is wanted
 * anew: it is derived, and an edit belongs into the type.
 */
export async function planTypes(input: TypesInput): Promise<TypesPlan> {
  const { types, previous, snapshot, folder, full } = input;
  const known = previous?.schemas ?? {};
  const here = await folder.look(Object.keys(known));
  if (!types) {
    const { files, changes } = settle(new Map(), { known, here, full });
    return { files, changes, problems: [] };
  }
  const isWanted = compileGlob(types.from);
  const wanted = [...snapshot.entries.keys()].filter(
    (path) => isTypeScript(path) && isWanted(path) && isFile(snapshot, path),
  );
  const moved =
    !previous ||
    previous.stale === true ||
    wanted.some((path) => !Object.hasOwn(previous.sources, path)) ||
    Object.entries(previous.sources).some(([path, oid]) => snapshot.entries.get(path)?.oid !== oid);
  const lost = Object.entries(known).some(([path, oid]) => {
    const found = here.get(path);
    return !found || (full && found.oid !== oid);
  });
  if (!moved && !lost)
    return { record: previous, files: editedFiles(known, here), changes: [], problems: [] };
  const files = await readClosure(input, wanted);
  const sources = Object.fromEntries(
    [...files.keys()].map((path) => [path, snapshot.entries.get(path)?.oid ?? '']),
  );
  const made: ExtractedTypes =
    wanted.length === 0
      ? { kind: 'failed', reason: 'the source has no TypeScript file that validation.types names' }
      : await input.extract({ files, wanted, names: types.names });
  if (made.kind === 'failed') {
    return {
      record: { sources, schemas: known, stale: true },
      files: editedFiles(known, here),
      changes: [],
      problems: [`the schemas of the types are those of before: ${made.reason}`],
    };
  }
  const schemas = new Map(
    [...made.schemas].map(([name, text]) => [types.to + name, new TextEncoder().encode(text)]),
  );
  const now = await folder.look(schemas.keys());
  const plan = settle(schemas, { known, here: new Map([...here, ...now]), full });
  return { ...plan, record: { sources, schemas: plan.schemas }, problems: made.problems };
}

interface Settling {
  readonly known: Readonly<Record<string, string>>;
  readonly here: Awaited<ReturnType<CatalogueFolder['look']>>;
  readonly full: boolean;
}

interface Settled extends Pick<TypesPlan, 'files' | 'changes'> {
  readonly schemas: Readonly<Record<string, string>>;
}

/** What becomes of each schema: new bytes where nobody here has others. */
function settle(
  schemas: ReadonlyMap<string, Uint8Array>,
  { known, here, full }: Settling,
): Settled {
  const files: PulledFile[] = [];
  const changes: TreeChange[] = [];
  const record: Record<string, string> = {};
  for (const [path, content] of schemas) {
    const oid = hashBlob(content);
    record[path] = oid;
    const found = here.get(path);
    if (found?.oid === oid) continue;
    if (found && found.oid !== known[path] && !full) files.push({ path, ...EDITED });
    else {
      files.push({ path, outcome: found ? 'updated' : 'added' });
      changes.push({ path, mode: '100644', content });
    }
  }
  for (const [path, oid] of Object.entries(known)) {
    const found = here.get(path);
    if (schemas.has(path) || !found || !path.endsWith('.schema.json')) continue;
    if (found.oid !== oid) files.push({ path, ...EDITED });
    else {
      files.push({ path, outcome: 'removed' });
      changes.push({ path, remove: true });
    }
  }
  return { schemas: record, files, changes };
}

const EDITED = {
  outcome: 'edited',
  reason: 'edited here, and derived from a type: --full makes it anew',
} as const;

function editedFiles(known: Settling['known'], here: Settling['here']): PulledFile[] {
  return Object.entries(known).flatMap(([path, oid]) => {
    const found = here.get(path);
    return found && found.oid !== oid ? [{ path, ...EDITED }] : [];
  });
}

function isTypeScript(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path);
}

function isFile({ entries }: Snapshot, path: string): boolean {
  const mode = entries.get(path)?.mode;
  return mode === '100644' || mode === '100755';
}

/** The wanted files with what they import of the source, by relative paths. */
async function readClosure(
  { snapshot, source }: Pick<TypesInput, 'snapshot' | 'source'>,
  wanted: readonly string[],
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const waiting = [...wanted];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entry = snapshot.entries.get(path);
    if (!entry || files.has(path) || files.size >= MAX_FILES) continue;
    const text = new TextDecoder().decode(await source.readBlob(entry.oid));
    files.set(path, text);
    for (const target of importsOf(path, text)) if (isFile(snapshot, target)) waiting.push(target);
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The paths that a file may mean by what it imports; most of them are not there. */
function importsOf(path: string, text: string): string[] {
  const specifiers = text.matchAll(
    /(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"](\.{1,2}(?:\/[^'"\n]*)?)['"]|<reference\s+path=['"]([^'"\n]+)['"]/g,
  );
  return [...specifiers].flatMap(([, imported, referenced]) => {
    const named = imported ?? referenced ?? '';
    const target = URL.parse(named, `tree:///${path}`)?.pathname.slice(1) ?? '';
    const bare = target.replace(/\.([cm]?)jsx?$/, '');
    const kind = /\.([cm])jsx?$/.exec(target)?.[1] ?? '';
    return [
      target,
      ...[`.${kind}ts`, '.tsx', `.d.${kind}ts`].map((ending) => bare + ending),
      ...['/index.ts', '/index.d.ts'].map((ending) => target.replace(/\/$/, '') + ending),
    ].filter(isTypeScript);
  });
}
