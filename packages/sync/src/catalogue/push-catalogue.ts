import type { ChangeRequest, Commit, Forge, Signature, TargetRepository } from '../ports.js';
import { SyncError } from '../sync-error.js';
import type { OpenCatalogue } from './catalogue-ports.js';
import { deriveCatalogue } from './derive-catalogue.js';
import { planPush } from './plan-push.js';
import type { PushPlan } from './plan-push.js';
import type { PushedFile } from './carry-back.js';
import { readCatalogueManifest } from './pull-catalogue.js';

/** A catalogue whose source can be written to. */
export interface PushableCatalogue extends OpenCatalogue {
  readonly source: OpenCatalogue['source'] & TargetRepository;
  readonly forge: Forge;
}

/** Where a push goes, and the name under which it is known again. */
export type PushDestination = Pick<PushableCatalogue, 'name' | 'namespace' | 'source' | 'forge'>;

/** A push that was planned: what it brings back, and onto what. */
export interface PlannedPush extends PushPlan {
  /** The head of the source's branch, on which it is based. */
  readonly head: Commit;
  /** The source's branch. */
  readonly base: string;
  /** The branch of the change request. */
  readonly branch: string;
}

/** The text of the request; the caller knows what changed in meaning. */
export interface PushText {
  readonly title: string;
  readonly body: string;
}

/** What a push came to. */
export type Pushed =
  | {
      readonly kind: 'opened' | 'updated' | 'unchanged';
      readonly commit: string;
      readonly request: ChangeRequest;
    }
  /** The branch bears commits of others: it is left alone. */
  | { readonly kind: 'foreign-commits'; readonly branch: string };

/**
 * Plans what the local edits of a catalogue become in its source. Writes nothing.
 *
 * @throws SyncError `nothing-to-push` before the first pull
 */
export async function planCataloguePush(catalogue: OpenCatalogue): Promise<PlannedPush> {
  const { source, sourceName, settings, namespace, name } = catalogue;
  const manifest = await readCatalogueManifest(catalogue);
  if (!manifest) {
    throw new SyncError('nothing-to-push', `${name} was never pulled`, {
      hint: `pull it first: holdfast pull ${name}`,
    });
  }
  const base = settings.source.branch ?? (await source.defaultBranch()) ?? 'main';
  const head = await source.resolveCommit(`refs/heads/${base}`);
  if (!head) {
    throw new SyncError('unknown-branch', `${sourceName} has no branch ${base}`, {
      hint: 'name the branch in source.branch',
    });
  }
  const pulledCommit = await source.resolveCommit(manifest.source_commit);
  const pulled = pulledCommit && (await deriveCatalogue(catalogue, pulledCommit));
  const headTree = await source.readSnapshot(head.oid);
  const plan = await planPush({ catalogue, manifest, pulled, head, headTree });
  return { ...plan, head, base, branch: `${namespace}-push/${name}` };
}

/** The trailer by which a commit of ours is known again. */
const TRAILER = 'Holdfast-Push';

/** Files of a push that keep it from being made. */
export function blockingFiles({ files }: Pick<PushPlan, 'files'>): PushedFile[] {
  return files.filter(({ outcome }) => outcome === 'conflicted' || outcome === 'irreversible');
}

/**
 * Makes a planned push: one commit on the head of the source's branch, on one branch a catalogue, with
 * one change request, which later pushes move on. The same edits make the same commit: pushing twice
 * changes nothing.
 */
export async function pushCatalogue(
  catalogue: PushDestination,
  { head, base, branch, changes }: PlannedPush,
  { author, text }: { readonly author: Signature; readonly text: PushText },
): Promise<Pushed> {
  const { source, forge, name, namespace } = catalogue;
  const ref = `refs/heads/${branch}`;
  const tip = await source.resolveCommit(ref);
  if (tip && (await hasForeignCommits(source, name, { tip, head })))
    return { kind: 'foreign-commits', branch };
  const when = { timestamp: laterOf(head, author), timezone: '+0000' };
  const kept = tip?.parents[0] === head.oid ? tip : undefined;
  const signature = {
    ...author,
    ...(kept ? { timestamp: kept.author.timestamp, timezone: '+0000' } : when),
  };
  const message = `${text.title}\n\n${TRAILER}: ${name}\n`;
  const { commit } = await source.writeCommit({
    parent: head.oid,
    changes,
    message,
    author: signature,
    committer: signature,
  });
  if (commit !== tip?.oid) {
    const moved = await source.updateRefs([{ ref, old: tip?.oid ?? null, new: commit }], {
      message: 'holdfast push',
    });
    if (moved.kind !== 'updated') {
      throw new SyncError('contended', `${branch} moved while it was pushed to`, {
        blame: 'environment',
        hint: 'push again',
      });
    }
  }
  const request = {
    ...text,
    labels: [`${namespace}-push`],
    reviewers: [],
    headCommit: commit,
    autoMerge: false,
    mergeMethod: 'merge' as const,
  };
  const open = (await forge.findByHead(branch)).find(({ state }) => state === 'open');
  if (open) {
    const { changed, request: updated } = await forge.update(open.id, request);
    return {
      kind: changed || commit !== tip?.oid ? 'updated' : 'unchanged',
      commit,
      request: updated,
    };
  }
  const opened = await forge.open({ ...request, head: branch, base });
  return { kind: 'opened', commit, request: opened.request };
}

/** Commits between the branch's tip and the source's head that are not ours. */
async function hasForeignCommits(
  source: TargetRepository,
  name: string,
  { tip, head }: { readonly tip: Commit; readonly head: Commit },
): Promise<boolean> {
  if (await source.isAncestor(tip.oid, head.oid)) return false;
  const commits = await source.log({ from: head.oid, to: tip.oid, limit: 100 });
  const ours = new RegExp(`^${TRAILER}: ${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`, 'm');
  return (
    commits.some(({ message, parents }) => parents.length > 1 || !ours.test(message)) ||
    commits.length > 1
  );
}

function laterOf({ committer }: Commit, author: Signature): number {
  return Math.max(committer.timestamp, author.timestamp);
}
