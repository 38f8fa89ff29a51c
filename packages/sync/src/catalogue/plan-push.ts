import type { CatalogueManifest } from '@holdfast/manifest';
import type { Commit, FileMode, Snapshot, TreeChange } from '../ports.js';
import { carryBack } from './carry-back.js';
import type { Planned, PushedFile } from './carry-back.js';
import { catalogueLayout } from './catalogue-layout.js';
import type { OpenCatalogue } from './catalogue-ports.js';
import type { DerivedCatalogue } from './derive-catalogue.js';

/** A push as data. */
export interface PushPlan {
  readonly files: readonly PushedFile[];
  /** Changes of the source's tree. */
  readonly changes: readonly TreeChange[];
}

/** What a push is planned from. */
export interface PushInput {
  readonly catalogue: OpenCatalogue;
  readonly manifest: CatalogueManifest;
  /** The catalogue at the commit that was pulled; undefined when the source no longer has it. */
  readonly pulled: DerivedCatalogue | undefined;
  readonly head: Commit;
  readonly headTree: Snapshot;
}

/**
 * Plans what local edits become in the source: each is carried back through the inverse transforms,
 * proved (what comes back gives exactly this file when transformed again), and merged with what the
 * source has become since the pull. Files that lie in a folder of the content and are new here come
 * along.
 */
export async function planPush(input: PushInput): Promise<PushPlan> {
  const { catalogue, manifest } = input;
  const { folder, settings } = catalogue;
  const placed = catalogueLayout(settings.content).sourceOf;
  const fresh = (await folder.list()).filter((path) => !manifest.files.has(path) && placed(path));
  const here = await folder.look([...manifest.files.keys(), ...fresh]);
  const files: PushedFile[] = [];
  const changes: TreeChange[] = [];
  const add = (file: PushedFile, change?: TreeChange) => {
    files.push(file);
    if (change) changes.push(change);
  };
  for (const [path, entry] of [...manifest.files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const found = here.get(path);
    if (found?.oid === entry.oid && found.mode === entry.mode) continue;
    const { source } = entry;
    if (!found) add(...removal(path, source, entry.source_oid ?? entry.oid, input));
    else if (found.mode !== '100644' && found.mode !== '100755')
      add({ path, source, outcome: 'conflicted', reason: 'it is no regular file here' });
    else add(...(await edit(path, source, found.mode, input)));
  }
  for (const path of fresh) {
    const found = here.get(path);
    const source = placed(path);
    if (source === undefined || (found?.mode !== '100644' && found?.mode !== '100755')) continue;
    add(...(await edit(path, source, found.mode, input)));
  }
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), changes };
}

function removal(
  path: string,
  source: string,
  pulledOid: string,
  { headTree }: PushInput,
): Planned {
  const there = headTree.entries.get(source);
  if (!there) return [{ path, source, outcome: 'there' }];
  if (there.oid !== pulledOid) {
    const reason = 'deleted here, changed by the source since; pull first';
    return [{ path, source, outcome: 'conflicted', reason }];
  }
  return [
    { path, source, outcome: 'removed' },
    { path: source, remove: true },
  ];
}

async function edit(
  path: string,
  source: string,
  mode: FileMode,
  { catalogue, pulled, headTree, head }: PushInput,
): Promise<Planned> {
  const baseOid = pulled?.files.get(path)?.sourceOid;
  return carryBack(
    {
      path,
      source,
      mode,
      content: await catalogue.folder.read(path),
      ...(baseOid === undefined ? {} : { baseOid }),
    },
    pulled && { pipeline: pulled.pipeline, context: pulled.contextOf({ source, path }) },
    {
      source: catalogue.source,
      head,
      tree: headTree,
      ours: catalogue.name,
      advice: 'pull, decide, and push again',
    },
  );
}
