import type { CatalogueManifest } from '@holdfast/manifest';
import { hashBlob } from '@holdfast/text';
import { mergeContents } from '../file/merge-contents.js';
import type { Commit, FileMode, Snapshot, TreeChange } from '../ports.js';
import { catalogueLayout } from './catalogue-layout.js';
import type { OpenCatalogue } from './catalogue-ports.js';
import type { DerivedCatalogue } from './derive-catalogue.js';

/** What a push brings back of one file. */
export interface PushedFile {
  /** Below the root here. */
  readonly path: string;
  /** In the source. */
  readonly source: string;
  readonly outcome:
    | 'added'
    | 'modified'
    | 'removed'
    /** Both sides changed it; merged with what the source has become. */
    | 'merged'
    /** The source has it like this already. */
    | 'there'
    /** Both sides changed the same; pull and decide first. */
    | 'conflicted'
    /** A transform cannot be undone for this edit. */
    | 'irreversible';
  readonly reason?: string;
}

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

type Planned = [PushedFile, TreeChange?];

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
  input: PushInput,
): Promise<Planned> {
  const { catalogue, pulled, headTree, head } = input;
  const content = await catalogue.folder.read(path);
  const back = reverse(path, source, { content, mode }, input);
  if (back.kind === 'irreversible')
    return [{ path, source, outcome: 'irreversible', reason: back.reason }];
  const ours = back.content;
  const there = headTree.entries.get(source);
  const before = pulled?.files.get(path);
  const change = (content: Uint8Array): TreeChange => ({ path: source, mode, content });
  if (there?.oid === hashBlob(ours) && there.mode === mode)
    return [{ path, source, outcome: 'there' }];
  if (!there) {
    if (!before) return [{ path, source, outcome: 'added' }, change(ours)];
    const reason = 'changed here, removed by the source since; pull first';
    return [{ path, source, outcome: 'conflicted', reason }];
  }
  if (before?.sourceOid === there.oid) return [{ path, source, outcome: 'modified' }, change(ours)];
  const theirs = await catalogue.source.readBlob(there.oid);
  const base = before && (await catalogue.source.readBlob(before.sourceOid));
  const labels = { ours: catalogue.name, base: 'base', theirs: head.oid.slice(0, 12) };
  const settings = { by: 'auto', style: 'merge', identity_keys: [] as string[], labels } as const;
  const result = mergeContents(source, { base, ours, theirs }, settings);
  if (result.kind === 'clean') return [{ path, source, outcome: 'merged' }, change(result.content)];
  const reason = 'the source changed the same since; pull, decide, and push again';
  return [{ path, source, outcome: 'conflicted', reason }];
}

type Reversed =
  | { readonly kind: 'reversed'; readonly content: Uint8Array }
  | { readonly kind: 'irreversible'; readonly reason: string };

/** Carries one file back, and proves it: transformed again it is this very file. */
function reverse(
  path: string,
  source: string,
  { content, mode }: { readonly content: Uint8Array; readonly mode: FileMode },
  { pulled }: PushInput,
): Reversed {
  if (!pulled)
    return {
      kind: 'irreversible',
      reason: 'the source no longer has the commit that was pulled; pull first',
    };
  const { pipeline } = pulled;
  if (pipeline.isIdentity) return { kind: 'reversed', content };
  const context = pulled.contextOf({ source, path });
  const back = pipeline.reverse({ path, content, mode }, context);
  if (back.kind === 'irreversible')
    return {
      kind: 'irreversible',
      reason: `${back.steps.join(', ')} cannot be undone for this edit`,
    };
  if (back.kind === 'failed')
    return { kind: 'irreversible', reason: back.findings[0]?.message ?? 'a transform failed' };
  const again = pipeline.apply({ path, content: back.content, mode }, context);
  const same = again.kind !== 'failed' && hashBlob(again.content) === hashBlob(content);
  return same
    ? { kind: 'reversed', content: back.content }
    : { kind: 'irreversible', reason: 'transformed again it would be another file' };
}
