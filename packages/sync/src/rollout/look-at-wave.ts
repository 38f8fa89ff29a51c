import { requestBranch } from '../apply/request-branch.js';
import type { Fleet } from '../fleet.js';
import { assessItem } from '../item/plan-item.js';
import { findUndecided } from '../look/find-undecided.js';
import type { FailedItem } from '../plan.js';
import type { ChangeRequest } from '../ports.js';
import { inputsOf } from '../run/plan-sync.js';
import type { PreparedRule, PreparedRun } from '../run/prepare-run.js';
import { visitTarget, visitTargets } from '../run/visit-targets.js';
import type { VisitOptions } from '../run/visit-targets.js';
import type { ScheduledRule } from '../source/select-rules.js';
import { readManifest, readTarget } from '../target/target-view.js';
import type { TargetView } from '../target/target-view.js';

/** How far one rule of a rollout is in a target. */
export interface WaveItem {
  readonly rule: string;
  readonly target: string;
  /**
   * `current`: the target has it already; `open`, `merged`: its request is; `declined`: someone closed
   * the request; `waiting`: nothing was opened yet.
   */
  readonly standing: 'current' | 'open' | 'merged' | 'declined' | 'waiting';
  readonly request?: {
    readonly id: string;
    readonly number: number;
    readonly url?: string;
  };
  /** Of an open request: what its checks say; `none`: nothing checks it, or not yet. */
  readonly checks?: 'passed' | 'failed' | 'pending' | 'none';
  /** Checks of such a forge may still be to come although there are none. */
  readonly late?: boolean;
  /** Of an open request: files that wait for someone to decide. */
  readonly undecided?: readonly string[];
}

/** Looks at what a rollout came to in targets; what fails at one is a failed item of it. */
export function lookAtWave(
  fleet: Fleet,
  run: PreparedRun,
  targets: ReadonlyMap<string, readonly ScheduledRule[]>,
  options: VisitOptions,
): AsyncIterable<(WaveItem | FailedItem)[]> {
  return visitTargets(fleet, targets, options, (open, rules) =>
    visitTarget(fleet, open, rules, run.source.contents, async (scheduled, view) => {
      const prepared = await run.prepare(scheduled);
      return 'kind' in prepared ? prepared : lookAtItem(fleet, run, prepared, view);
    }),
  );
}

async function lookAtItem(
  fleet: Fleet,
  run: PreparedRun,
  prepared: PreparedRule,
  view: TargetView,
): Promise<WaveItem> {
  const { rule } = prepared.located;
  const identity = { rule: rule.id, target: view.name };
  const inputs = await inputsOf(fleet, run, prepared, view, { acceptMovedTag: true });
  const { current, hold, pause } = await assessItem(inputs);
  // Whoever was rolled back, or is paused, keeps what it has: nothing is opened there.
  if (current || hold || pause) return { ...identity, standing: 'current' };
  const { namespace } = fleet.configuration;
  const branch = requestBranch(namespace, prepared.release.version, rule);
  const [latest] = await view.open.forge.findByHead(branch);
  if (!latest) return { ...identity, standing: 'waiting' };
  const request = aboutRequest(latest);
  if (latest.state === 'merged') return { ...identity, standing: 'merged', request };
  if (latest.state === 'closed') return { ...identity, standing: 'declined', request };
  const { verdict: checks } = await view.open.forge.readiness(latest.id);
  const undecided = await findUndecidedOn(branch, view, namespace, rule.id, run);
  return {
    ...identity,
    standing: 'open',
    request,
    checks,
    late: view.open.forge.kind !== 'embedded',
    ...(undecided.length > 0 ? { undecided } : {}),
  };
}

function aboutRequest({ id, number, url }: ChangeRequest): NonNullable<WaveItem['request']> {
  return { id, number, ...(url === undefined ? {} : { url }) };
}

async function findUndecidedOn(
  branch: string,
  { name, open }: TargetView,
  namespace: string,
  rule: string,
  { source: { contents } }: PreparedRun,
): Promise<readonly string[]> {
  if (!(await open.repository.resolveCommit(`refs/heads/${branch}`))) return [];
  const view = await readTarget(name, open, branch, contents);
  const manifest = await readManifest(view, namespace, rule);
  return manifest ? findUndecided(manifest, view.snapshot, (oid) => view.contents.read(oid)) : [];
}
