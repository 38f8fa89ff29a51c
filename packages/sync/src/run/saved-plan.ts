import { hashSha256 } from '@holdfast/manifest';
import type { TargetRule } from '@holdfast/manifest';
import type { Fleet } from '../fleet.js';
import { itemKey } from '../item-key.js';
import type { ItemError, ItemSummary, PlanItem, PlannedItem, PlannedSource } from '../plan.js';
import { SyncError } from '../sync-error.js';

/** A plan as a small file: it pins what was planned and by what, and holds no content. */
export interface SavedPlan {
  readonly kind: 'holdfast-plan';
  readonly version: 1;
  /** SHA-256 of the configuration and the rules. */
  readonly configuration: string;
  readonly acceptMovedTag: boolean;
  readonly items: readonly SavedItem[];
  /** SHA-256 of all the rest. */
  readonly digest: string;
}

/** What one item of a saved plan pins. */
export interface SavedItem {
  readonly rule: string;
  readonly target: string;
  readonly kind: PlannedItem['kind'];
  readonly source: PlannedSource;
  readonly head: PlannedItem['head'];
  /** SHA-256 of the commit and the change request that applying would make. */
  readonly digest: string;
}

/**
 * Makes the file of a plan. Items that failed or are blocked cannot be pinned.
 *
 * @throws SyncError `bad-plan` when there are any: such a plan would promise what it cannot keep.
 */
export function savePlan(
  fleet: Pick<Fleet, 'configuration' | 'rules'>,
  { items }: { readonly items: readonly (PlanItem | ItemSummary)[] },
  { acceptMovedTag = false }: { acceptMovedTag?: boolean } = {},
): SavedPlan {
  const failed = items.filter(({ kind }) => kind === 'failed' || kind === 'blocked');
  if (failed.length > 0) {
    throw new SyncError(
      'bad-plan',
      `the plan cannot be saved: ${failed.map(({ rule }) => rule).join(', ')} cannot be applied`,
      { hint: 'mend what the plan reports, or plan the other rules by name' },
    );
  }
  const planned = items.filter((item) => item.kind !== 'failed');
  const content = {
    kind: 'holdfast-plan' as const,
    version: 1 as const,
    configuration: digestConfiguration(fleet),
    acceptMovedTag,
    items: planned.map(({ rule, target, kind, source, head, digest }) => ({
      rule,
      target,
      kind,
      source,
      head,
      digest,
    })),
  };
  return { ...content, digest: digest(content) };
}

/** Two-space JSON with a final newline. */
export function serializePlan(plan: SavedPlan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/**
 * Reads a saved plan.
 *
 * @throws SyncError `bad-plan` when it is no saved plan, of another version, or was changed.
 */
export function parsePlan(text: string, { file }: { file: string }): SavedPlan {
  const bad = (problem: string) =>
    new SyncError('bad-plan', `${file}: ${problem}`, {
      hint: 'make it anew with: holdfast plan --out FILE',
    });
  let plan: Partial<SavedPlan> | null;
  try {
    plan = JSON.parse(text) as Partial<SavedPlan> | null;
  } catch (cause) {
    throw bad(`expected a saved plan, got no JSON (${(cause as Error).message})`);
  }
  if (plan?.kind !== 'holdfast-plan') throw bad('expected a saved plan ("kind": "holdfast-plan")');
  if (plan.version !== 1) throw bad(`expected version 1, got ${JSON.stringify(plan.version)}`);
  const { digest: claimed, ...content } = plan;
  if (claimed !== digest(content))
    throw bad('its digest does not match its content: it was changed or cut short');
  return plan as SavedPlan;
}

/** What has moved since a plan was saved; empty when it can be applied exactly. */
export interface MovedSince {
  readonly what: 'configuration' | 'source' | 'target' | 'result';
  readonly message: string;
}

/** Whether the configuration or a rule is another than when a plan was saved. */
export function compareConfiguration(
  saved: SavedPlan,
  fleet: Pick<Fleet, 'configuration' | 'rules'>,
): MovedSince[] {
  if (saved.configuration === digestConfiguration(fleet)) return [];
  const message = 'the configuration or a rule has changed since the plan was saved';
  return [{ what: 'configuration', message }];
}

/** The items of a saved plan that a run leaves out: their rules are gone. */
export function compareScope(
  saved: SavedPlan,
  targets: ReadonlyMap<string, readonly { readonly located: TargetRule }[]>,
): MovedSince[] {
  const found = new Set(
    [...targets].flatMap(([target, rules]) =>
      rules.map(({ located }) => itemKey({ rule: located.rule.id, target })),
    ),
  );
  return saved.items
    .filter((item) => !found.has(itemKey(item)))
    .map(({ rule, target }) => unplannable({ rule, target }));
}

/** Compares some items of a saved plan with the same items planned anew. */
export function comparePlan(saved: SavedPlan, items: readonly PlanItem[]): MovedSince[] {
  const pinned = new Map(saved.items.map((item) => [itemKey(item), item]));
  return items.flatMap((item) => {
    const expected = pinned.get(itemKey(item));
    return expected ? compareItem(expected, item) : [];
  });
}

/** What is said of an item that was saved and cannot be planned any more. */
export function unplannable({
  rule,
  target,
  error,
}: {
  readonly rule: string;
  readonly target: string;
  readonly error?: ItemError;
}): MovedSince {
  const why = error?.message ?? 'the rule is gone';
  return { what: 'target', message: `${rule} can no longer be planned for ${target}: ${why}` };
}

function compareItem(saved: SavedItem, item: PlanItem): MovedSince[] {
  if (item.kind === 'failed') return [unplannable(item)];
  if (item.head.commit !== saved.head.commit) {
    return [
      {
        what: 'target',
        message: `${saved.target} has moved: ${saved.head.branch} was ${short(saved.head.commit)}, now it is ${short(item.head.commit)}`,
      },
    ];
  }
  if (item.digest === saved.digest) return [];
  return [
    {
      what: 'result',
      message: `${saved.rule} would now write something else to ${saved.target} than what was planned`,
    },
  ];
}

/** The commits that the refs of a saved plan name now, compared with those that it pins. */
export async function compareSources(
  saved: SavedPlan,
  resolve: (revision: string) => Promise<{ readonly oid: string } | undefined>,
): Promise<MovedSince[]> {
  const pinned = new Map(saved.items.map(({ source }) => [source.ref, source.commit]));
  const moved: MovedSince[] = [];
  for (const [ref, commit] of pinned) {
    const found = await resolve(ref);
    if (found?.oid === commit) continue;
    const now = found ? `now it is ${short(found.oid)}` : 'now it is gone';
    moved.push({
      what: 'source',
      message: `the source has moved: ${ref} was ${short(commit)}, ${now}`,
    });
  }
  return moved;
}

function digestConfiguration({
  configuration,
  rules,
}: Pick<Fleet, 'configuration' | 'rules'>): string {
  return digest([
    configuration,
    rules
      .map(({ rule }) => [rule.id, rule.target_repo, rule] as const)
      .sort(([a, at], [b, bt]) => (a < b || (a === b && at < bt) ? -1 : 1)),
  ]);
}

function digest(value: unknown): string {
  return hashSha256(new TextEncoder().encode(JSON.stringify(value)));
}

function short(oid: string): string {
  return oid.slice(0, 12);
}
