import { compileGlob, globBase } from '@holdfast/manifest';
import { checkPath, findPathCollisions, hashBlob } from '@holdfast/text';
import { createLinkMap, createPipeline } from '@holdfast/transforms';
import type { Pipeline, TransformContext } from '@holdfast/transforms';
import type { Commit, Entry, Snapshot } from '../ports.js';
import { SyncError } from '../sync-error.js';
import type { OpenCatalogue } from './catalogue-ports.js';

/** A source file and where the catalogue holds it, below its root. */
export interface CatalogueFile extends Entry {
  readonly path: string;
  readonly source: string;
  /** The blob id of the source file; `oid` is that of what the transforms make of it. */
  readonly sourceOid: string;
}

/** A catalogue as one commit of its source has it. */
export interface DerivedCatalogue {
  readonly commit: Commit;
  /** All files of the source. */
  readonly snapshot: Snapshot;
  /** By path below the root. */
  readonly files: ReadonlyMap<string, CatalogueFile>;
  /** The names of the entries, as the manifest lists them. */
  readonly content: Readonly<Record<string, readonly string[]>>;
  readonly pipeline: Pipeline;
  contextOf(file: Pick<CatalogueFile, 'source' | 'path'>): TransformContext;
  /** The derived content of a file. */
  read(file: CatalogueFile): Promise<Uint8Array>;
}

/**
 * Derives a catalogue from a commit of its source: which files it takes, to where, and what the
 * transforms make of them. Without transforms no content is read.
 *
 * @throws SyncError `unsafe-catalogue` when two files meet at one path, or a path leads out of the root.
 */
export async function deriveCatalogue(
  catalogue: OpenCatalogue,
  commit: Commit,
): Promise<DerivedCatalogue> {
  const { settings, source, namespace } = catalogue;
  const snapshot = await source.readSnapshot(commit.oid);
  const selected = selectContent(catalogue, snapshot);
  const pipeline = createPipeline({ transforms: settings.transforms, namespace });
  const links = createLinkMap({
    deliveries: pipeline.isIdentity
      ? []
      : selected.files.map(({ source: from, path }) => ({ source: from, target: path })),
    sourcePaths: pipeline.isIdentity ? [] : snapshot.entries.keys(),
  });
  const contextOf = ({ source: sourcePath, path }: Pick<CatalogueFile, 'source' | 'path'>) => ({
    ruleId: catalogue.name,
    variables: {},
    source: {
      name: catalogue.sourceName,
      version: settings.source.branch ?? 'HEAD',
      commit: commit.oid,
      ...(catalogue.sourceUrl === undefined ? {} : { url: catalogue.sourceUrl }),
    },
    target: { repo: catalogue.name, branch: '' },
    links,
    sourcePath,
    targetPath: path,
  });
  const contents = new Map<string, Uint8Array>();
  const files = new Map<string, CatalogueFile>();
  if (pipeline.isIdentity) for (const file of selected.files) files.set(file.path, file);
  else {
    const bySource = Map.groupBy(selected.files, ({ sourceOid }) => sourceOid);
    for await (const { oid, content } of source.readBlobs(bySource.keys())) {
      for (const file of bySource.get(oid) ?? []) {
        const result = pipeline.apply(
          { path: file.path, content, mode: file.mode },
          contextOf(file),
        );
        const output = result.kind === 'failed' ? content : result.content;
        const derived = { ...file, oid: hashBlob(output) };
        if (derived.oid !== file.sourceOid) contents.set(derived.oid, output);
        files.set(file.path, derived);
      }
    }
  }
  return {
    commit,
    snapshot,
    files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))),
    content: selected.content,
    pipeline,
    contextOf,
    read: async ({ oid, sourceOid }) => contents.get(oid) ?? source.readBlob(sourceOid),
  };
}

interface Selected {
  readonly files: CatalogueFile[];
  readonly content: Record<string, string[]>;
}

/** Which files of a snapshot the catalogue takes, and to where. */
function selectContent({ name, settings }: OpenCatalogue, { entries }: Snapshot): Selected {
  const files: CatalogueFile[] = [];
  const content: Record<string, string[]> = {};
  for (const [key, wanted] of Object.entries(settings.content)) {
    const names = new Set<string>();
    if ('files' in wanted) {
      for (const [from, to] of Object.entries(wanted.files)) {
        const entry = entries.get(from);
        if (!entry) continue;
        names.add(to);
        files.push(fileOf(entry, to));
      }
    } else {
      const base = globBase(wanted.from);
      const matches = compileGlob(wanted.from);
      for (const entry of entries.values()) {
        if (!entry.path.startsWith(base) || !matches(entry.path)) continue;
        const below = entry.path.slice(base.length);
        names.add(below.split('/')[0]?.replace(/\.[^.]+$/, '') ?? below);
        files.push(fileOf(entry, `${wanted.to}${below}`));
      }
    }
    content[key] = [...names].sort();
  }
  const regular = files.filter(({ mode }) => mode === '100644' || mode === '100755');
  refuseUnsafe(name, regular);
  return { files: regular, content };
}

function fileOf({ path: source, oid, mode }: Entry & { readonly path: string }, path: string) {
  return { path, source, oid, mode, sourceOid: oid };
}

function refuseUnsafe(name: string, files: readonly CatalogueFile[]): void {
  for (const { path, source } of files) {
    const problem = checkPath(path);
    if (!problem) continue;
    throw new SyncError(
      'unsafe-catalogue',
      `${name}: ${source} would lie at ${path}, which ${problem.message}`,
      {
        hint: 'leave the file out in content, or rename it in the source',
      },
    );
  }
  const [collision] = findPathCollisions(files.map(({ path }) => path));
  if (!collision) return;
  throw new SyncError(
    'unsafe-catalogue',
    `${name}: several files meet at ${collision.paths.join(' and ')}`,
    {
      hint: 'give the content folders of their own, or leave one of the files out',
    },
  );
}
