import type { Configuration } from '@holdfast/manifest';
import { requestBranchPrefix } from '../apply/request-branch.js';
import { SUPERSEDED } from '../apply/supersede-others.js';
import type { ItemInputs } from '../item/item-inputs.js';
import { planItem } from '../item/plan-item.js';
import type { LeaningItem } from '../item/plan-item.js';
import type { ChangedItem, FailedItem, PlanItem } from '../plan.js';
import type { OpenTarget } from '../ports.js';
import { remember } from '../remember.js';

/** An item that was planned as if every other rule of the target brought all that it delivers. */
interface HopefulItem extends LeaningItem {
  readonly inputs: ItemInputs;
}

/** The items of a target, and the paths that each counts on other items for. */
export interface SettledItems {
  readonly items: readonly PlanItem[];
  readonly leansOn: ReadonlyMap<PlanItem, ReadonlySet<string>>;
}

/**
 * Plans anew what counts on files that do not come: those of rules that are blocked, manual, declined, or
 * not part of the run, and that neither the target nor an open request has. What is blocked by that brings
 * nothing either, so this goes on until all that is counted on comes.
 */
export async function settleArrivals(
  planned: readonly (HopefulItem | FailedItem)[],
  open: OpenTarget,
  configuration: Pick<Configuration, 'namespace'>,
): Promise<SettledItems> {
  const all = [...planned];
  const requests = createRequestReader(open, configuration);
  for (let settled = false; !settled;) {
    settled = true;
    const written = all.flatMap((one) => ('kind' in one ? [] : writtenBy(one.item)));
    for (const [index, one] of all.entries()) {
      if ('kind' in one || one.leansOn.size === 0) continue;
      const isArriving = await findArriving(one, written, requests);
      if ([...one.leansOn].every((path) => isArriving(path, { orBelow: true }))) continue;
      const inputs = { ...one.inputs, isArriving: (path: string) => isArriving(path) };
      all[index] = { inputs, ...(await planItem(inputs)) };
      settled = false;
    }
  }
  const leansOn = new Map<PlanItem, ReadonlySet<string>>();
  const items = all.map((one): PlanItem => {
    if ('kind' in one) return one;
    if (one.leansOn.size > 0) leansOn.set(one.item, one.leansOn);
    return one.item;
  });
  return { items, leansOn };
}

/** What an item brings, where it is changed at all. */
interface WrittenFiles {
  readonly item: ChangedItem;
  readonly paths: ReadonlySet<string>;
}

function writtenBy(item: PlanItem): WrittenFiles[] {
  if (item.kind !== 'changed') return [];
  const paths = item.commit.changes.flatMap((change) => ('remove' in change ? [] : change.path));
  return [{ item, paths: new Set(paths) }];
}

/** Whether a path, or with `orBelow` something below it, comes. */
type IsArriving = (path: string, options?: { readonly orBelow?: boolean }) => boolean;

async function findArriving(
  { item, leansOn }: HopefulItem,
  written: readonly WrittenFiles[],
  requests: RequestReader,
): Promise<IsArriving> {
  const { branch } = item.head;
  const brought: ReadonlySet<string>[] = [];
  for (const { item: other, paths } of written) {
    if (other.rule === item.rule || other.head.branch !== branch) continue;
    const wanted = [...leansOn].some((path) => has(paths, path, true));
    if (wanted && !(await requests.isDeclined(other.request.branch))) brought.push(paths);
  }
  if (![...leansOn].every((path) => brought.some((paths) => has(paths, path, true)))) {
    for (const entries of await requests.openTrees(branch)) brought.push(entries);
  }
  return (path, { orBelow = false } = {}) => brought.some((paths) => has(paths, path, orBelow));
}

function has(paths: ReadonlySet<string>, path: string, orBelow: boolean): boolean {
  if (paths.has(path)) return true;
  return orBelow && [...paths].some((other) => other.startsWith(`${path}/`));
}

/** What the open requests of a target hold, asked once each. */
interface RequestReader {
  /** Someone closed the request of a branch: nothing is opened in its place. */
  isDeclined(head: string): Promise<boolean>;
  /** The paths of each branch whose request is open and goes to a base. */
  openTrees(base: string): Promise<readonly ReadonlySet<string>[]>;
}

function createRequestReader(
  { forge, repository }: OpenTarget,
  { namespace }: Pick<Configuration, 'namespace'>,
): RequestReader {
  const declined = new Map<string, Promise<boolean>>();
  const trees = new Map<string, Promise<ReadonlySet<string>[]>>();

  async function readDeclined(head: string): Promise<boolean> {
    const own = await forge.findByHead(head);
    const [latest] = own;
    if (own.some(({ state }) => state === 'open')) return false;
    return latest?.state === 'closed' && latest.closeReason !== SUPERSEDED;
  }

  async function readTrees(base: string): Promise<ReadonlySet<string>[]> {
    const found: ReadonlySet<string>[] = [];
    for (const request of await forge.listOpen(requestBranchPrefix(namespace))) {
      if (request.base !== base) continue;
      const tip = await repository.resolveCommit(`refs/heads/${request.head}`);
      if (!tip) continue;
      const { entries } = await repository.readSnapshot(tip.oid);
      found.push(new Set(entries.keys()));
    }
    return found;
  }

  return {
    isDeclined: (head) => remember(declined, head, () => readDeclined(head)),
    openTrees: (base) => remember(trees, base, () => readTrees(base)),
  };
}
