import { compileGlob } from '@holdfast/manifest';
import type { ManifestEntry, TargetRule } from '@holdfast/manifest';
import type { Fleet } from '../fleet.js';
import { baseOf } from '../item/collect-cases.js';
import type { FailedItem } from '../plan.js';
import { visitRules } from '../run/visit-targets.js';
import type { VisitOptions } from '../run/visit-targets.js';
import type { Delivery } from '../source/select-deliveries.js';
import { versionAt } from '../source/select-rules.js';
import type { RunSelection } from '../source/select-rules.js';
import { createSourceView } from '../source/source-view.js';
import type { SourceView } from '../source/source-view.js';
import { createDeliveryMaker } from '../source/delivery-maker.js';
import type { DeliveryMaker } from '../source/delivery-maker.js';
import { SyncError } from '../sync-error.js';
import { findDrift } from '../target/find-drift.js';
import { readManifest } from '../target/target-view.js';
import type { TargetView } from '../target/target-view.js';
import { everyRule } from './detect-drift.js';
import { findUndecided } from './find-undecided.js';

/** A file for which derivation, manifest and target do not agree. */
export interface Disagreement {
  readonly path: string;
  /**
   * `not-derived`: the rule does not deliver it from the recorded commit. `derivation`: deriving it
   * again yields other bytes than the manifest records. `checksum`: the manifest's SHA-256 and object
   * id are of different content. `not-recorded`: the rule delivers it, and the manifest does not list
   * it. `target`: the file drifted, it holds other bytes than the manifest records. `mode`: the bytes are the
   * recorded ones, the file mode is another; then `expected` and `found` are modes, else object ids. `conflict`: nobody has decided it yet, or markers are left.
   */
  readonly problem:
    'not-derived' | 'derivation' | 'checksum' | 'not-recorded' | 'target' | 'mode' | 'conflict';
  readonly expected?: string;
  readonly found?: string;
}

interface Verified {
  readonly rule: string;
  readonly target: string;
  readonly commit: string;
  readonly ref: string;
  /** How many files were derived again. */
  readonly files: number;
  /** The rule or its transforms are others than at the last sync; then differences are expected. */
  readonly ruleChanged: boolean;
}

/** What a manifest records of a file that may be of an earlier release. */
interface Kept {
  readonly oid: string;
  readonly leftAlone: boolean;
}

/** What deriving everything again came to, for one rule and its target. */
export type VerifiedItem =
  | (Verified & { readonly kind: 'verified' })
  | (Verified & { readonly kind: 'differs'; readonly disagreements: readonly Disagreement[] })
  | { readonly kind: 'never-synced'; readonly rule: string; readonly target: string }
  | FailedItem;

/** What to verify. */
export interface VerifyOptions extends Pick<RunSelection, 'rules' | 'targets'>, VisitOptions {}

/**
 * Derives every delivered file again, from the commit that the manifest records and the rule as it is
 * now, and compares the bytes with the manifest and with the target. Writes nothing.
 */
export async function verifyFleet(
  fleet: Fleet,
  options: VerifyOptions = {},
): Promise<VerifiedItem[]> {
  const source = createSourceView(fleet);
  const maker = createDeliveryMaker(fleet.configuration, fleet.rules, source);
  return visitRules(
    fleet,
    everyRule(fleet, options),
    (located, view) => verify(fleet, { source, maker }, located, view),
    options,
    source.contents,
  );
}

async function verify(
  { configuration }: Fleet,
  { source, maker }: { source: SourceView; maker: DeliveryMaker },
  located: TargetRule,
  view: TargetView,
): Promise<VerifiedItem> {
  const { id: rule, target_repo: target } = located.rule;
  const manifest = await readManifest(view, configuration.namespace, rule);
  if (!manifest) return { kind: 'never-synced', rule, target };
  const { source_commit: commit, source_ref: ref } = manifest;
  const found = await source.commit(commit);
  if (!found) {
    throw new SyncError(
      'unknown-revision',
      `the source has no commit ${commit}, which ${target} received as ${ref}`,
      {
        blame: 'repository',
        hint: 'fetch the full history of the source, or find out who rewrote it',
      },
    );
  }
  const tag = await versionAt(source, manifest);
  const derivation = await maker.derive(located, { tag, commit }, view.branch);
  const { deliveries } = await maker.select(located, commit);
  await source.deriver.prefetch(deliveries, derivation);
  const disagreements: Disagreement[] = [];
  /**
   * A stub stays as an earlier release made it for as long as its source file stays; a file in conflict,
   * or one that was deleted, is left as the release found it that came before.
   */
  const findDerivation = async (delivery: Delivery, { oid, leftAlone }: Kept) => {
    if (derivation.pipeline.refresh !== 'source-change' && !leftAlone) return undefined;
    for (const release of await source.releases()) {
      const entry = (await source.snapshot(release.commit)).entries.get(delivery.source);
      if (!entry || (!leftAlone && entry.oid !== delivery.oid)) continue;
      const made = { ...delivery, oid: entry.oid, mode: entry.mode };
      const earlier = await maker.derive(located, release, view.branch);
      if ((await source.deriver.derive(made, earlier)).oid === oid) return { earlier, made };
    }
    return undefined;
  };
  const { protect } = located.rule;
  const isProtected = protect.length > 0 ? compileGlob(protect) : () => false;
  const derived = new Set<string>();
  for (const delivery of deliveries) {
    derived.add(delivery.path);
    const file = await source.deriver.derive(delivery, derivation);
    const record = manifest.files.get(delivery.path);
    if (isProtected(delivery.path)) continue;
    if (!record) {
      disagreements.push({ path: delivery.path, problem: 'not-recorded', expected: file.oid });
      continue;
    }
    const { oid } = baseOf(record);
    const leftAlone = record.conflict === true || !view.snapshot.entries.has(delivery.path);
    const found =
      oid === file.oid
        ? { earlier: derivation, made: delivery }
        : await findDerivation(delivery, { oid, leftAlone });
    if (!found) {
      const { path } = delivery;
      disagreements.push({ path, problem: 'derivation', expected: file.oid, found: oid });
    } else if (
      oid === record.oid &&
      (await source.deriver.deriveAgain(found.made, found.earlier)) !== record.sha256
    ) {
      disagreements.push({ path: delivery.path, problem: 'checksum', found: record.sha256 });
    }
  }
  const others = await maker.deliveredByOthers(located, commit);
  for (const [path, record] of manifest.files) {
    // What another rule delivers now was handed over; that rule's own manifest tells of it.
    const kept =
      derived.has(path) || isProtected(path) || others.has(path) || record.withdrawn === true;
    if (!kept) disagreements.push({ path, problem: 'not-derived', found: record.oid });
  }
  for (const { path, state } of await findDrift(located, manifest, view, configuration)) {
    const record = manifest.files.get(path) as ManifestEntry;
    const current = view.snapshot.entries.get(path);
    if (state === 'mode-changed') {
      const mode = current ? { found: current.mode } : {};
      disagreements.push({ path, problem: 'mode', expected: record.mode, ...mode });
    } else {
      const oid = current ? { found: current.oid } : {};
      disagreements.push({ path, problem: 'target', expected: record.oid, ...oid });
    }
  }
  const undecided = await findUndecided(
    manifest,
    view.snapshot,
    (oid) => view.contents.read(oid),
    located.rule,
  );
  for (const path of undecided) disagreements.push({ path, problem: 'conflict' });
  const verified: Verified = {
    rule,
    target,
    commit,
    ref,
    files: deliveries.length,
    ruleChanged: derivation.digest !== manifest.transforms_digest,
  };
  if (disagreements.length === 0) return { kind: 'verified', ...verified };
  disagreements.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { kind: 'differs', ...verified, disagreements };
}
