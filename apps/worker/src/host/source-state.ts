import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { OpenFleet } from '@holdfast/fleet';
import type { ForgeEvent } from '../triggers/forge-event.js';

/** Where a source stands, as far as runs follow from its moves. */
export interface SourceState {
  readonly source: string;
  /** SHA-256 of the releases' names and commits. */
  readonly releases: string;
  readonly newest?: string;
  /** The branch that `on_change` rules follow, and its commit. */
  readonly branch: string;
  readonly head?: string;
}

/** Reads where the source stands. */
export async function readSourceState(fleet: OpenFleet): Promise<SourceState> {
  const { configuration, source, sourceName } = fleet;
  const releases = await source.listReleases(configuration.source.release_tags);
  const branch = configuration.source.branch ?? (await source.defaultBranch()) ?? 'main';
  const head = await source.resolveCommit(`refs/heads/${branch}`);
  const hash = createHash('sha256');
  for (const release of releases) hash.update(`${JSON.stringify(release)}\n`);
  const [newest] = releases;
  return {
    source: sourceName,
    releases: hash.digest('hex'),
    ...(newest ? { newest: newest.tag } : {}),
    branch,
    ...(head ? { head: head.oid } : {}),
  };
}

/** What happened between two states, as a webhook would have told it. */
export async function eventsBetween(
  before: SourceState,
  now: SourceState,
  { source }: OpenFleet,
): Promise<ForgeEvent[]> {
  const events: ForgeEvent[] = [];
  if (before.releases !== now.releases && now.newest !== undefined)
    events.push({ kind: 'tag', tag: now.newest, commit: '' });
  const { branch, head } = now;
  if (head !== undefined && head !== before.head) {
    const known =
      before.head !== undefined &&
      before.branch === branch &&
      (await source.hasObject(before.head));
    const paths =
      known && before.head !== undefined
        ? (await source.diffTrees(before.head, head)).map(({ path }) => path)
        : undefined;
    if (!paths || paths.length > 0)
      events.push({ kind: 'push', branch, commit: head, ...(paths ? { paths } : {}) });
  }
  return events;
}

/** Folders of refs that are looked at; a repository with more is looked at by the catch-up alone. */
const MAX_FOLDERS = 2_000;

/** Says by a short text how the branches and tags of a repository on this machine are; cheap. */
export async function stampRefs(directory: string): Promise<string> {
  const shared = await readFile(join(directory, 'commondir'), 'utf8').catch(() => '.');
  const root = resolve(directory, shared.trim());
  const folders = ['refs/heads', 'refs/tags'];
  const stamps: string[] = [];
  for (const file of ['packed-refs', 'reftable/tables.list'])
    stamps.push(await stampOf(join(root, file)));
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    stamps.push(`${folder} ${await stampOf(join(root, folder))}`);
    if (stamps.length > MAX_FOLDERS) break;
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) if (entry.isDirectory()) folders.push(`${folder}/${entry.name}`);
  }
  return stamps.join('\n');
}

async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found ? `${found.mtimeNs} ${found.size} ${found.ino}` : '';
}
