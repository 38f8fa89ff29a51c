import type { Manifest } from '@holdfast/manifest';
import type { FileDecision } from '../file/decide-file.js';
import type { FileCase } from '../file/file-case.js';
import type { Finding } from '../finding.js';
import type { Outcome } from '../plan.js';
import { parseTrailers } from '../apply/commit-trailers.js';
import { requestBranch } from '../apply/request-branch.js';
import type { ItemInputs } from './item-inputs.js';

/**
 * A tag that is another commit than the one that was delivered is refused: as the manifest records it, or,
 * before that is merged, as the request's branch says.
 */
export async function checkTag(inputs: ItemInputs, previous?: Manifest): Promise<Finding[]> {
  const { release, acceptMovedTag, target, located } = inputs;
  if (acceptMovedTag || release.version !== release.ref) return [];
  const recorded =
    previous?.source_ref === release.ref ? previous.source_commit : await proposedCommit(inputs);
  if (recorded === undefined || recorded === release.commit) return [];
  return [
    {
      ruleId: 'release/moved-tag',
      severity: 'error',
      path: located.file,
      message: `tag ${release.ref} has moved: ${target.name} received it as ${recorded.slice(0, 12)}, now it is ${release.commit.slice(0, 12)}; find out why, then pass --accept-moved-tag`,
      data: { ref: release.ref, recorded, found: release.commit },
    },
  ];
}

/** The commit of the source that the branch of this release's request brings; it was proposed already. */
async function proposedCommit({
  configuration: { namespace },
  release,
  located: { rule },
  target: { open, head },
}: ItemInputs): Promise<string | undefined> {
  const branch = requestBranch(namespace, release.version, rule);
  const tip = await open.repository.resolveCommit(`refs/heads/${branch}`);
  if (!tip) return undefined;
  const commits = await open.repository.log({ from: head.oid, to: tip.oid, limit: MAX_PROPOSED });
  return commits
    .map(({ message }) => parseTrailers(message))
    .find(({ rule: id, group }) => id === rule.id || (group !== undefined && group === rule.group))
    ?.sourceCommit;
}

/** How many commits of people on top of a proposal are passed by. */
const MAX_PROPOSED = 100;

/**
 * A rule that delivers nothing any more would remove all that it delivered: more likely a mistake in a
 * pattern than a wish. An earlier release than the recorded one is delivered, and said, where the run names
 * it; that the newest one of the source is an earlier one says that a tag is missing or damaged there.
 */
export async function checkDirection(
  { source, release, named, selection, target, located }: ItemInputs,
  previous?: Manifest,
): Promise<Finding[]> {
  if (!previous) return [];
  const { rule, file: path } = located;
  if (selection.deliveries.length === 0 && previous.files.size > 0) {
    return [
      {
        ruleId: 'delivery/nothing-left',
        severity: 'error',
        path,
        message: `${rule.id} delivers nothing of ${release.version}, and would remove all ${previous.files.size} files from ${target.name}; mend its patterns, or delete the rule and remove the files there by hand`,
        data: { files: previous.files.size },
      },
    ];
  }
  const { source_commit: recorded, source_ref: ref } = previous;
  if (recorded === release.commit) return [];
  const data = { recorded, ref };
  if ((await source.commit(recorded)) === undefined) {
    const tags = (await source.releases()).map(({ tag }) => tag);
    if (named || ref === release.ref || tags.includes(ref)) return [];
    return [
      {
        ruleId: 'release/lost',
        severity: 'error',
        path,
        message: `${target.name} has ${ref} (${recorded.slice(0, 12)}), which the source lacks, tag and commit; whether ${release.version} is older cannot be told: restore the tag in the source, or name the release with --release ${release.ref}`,
        data,
      },
    ];
  }
  if (!(await source.isAncestor(release.commit, recorded))) return [];
  if (!named) {
    return [
      {
        ruleId: 'release/going-back',
        severity: 'error',
        path,
        message: `${target.name} has ${ref}, and the newest that the source has is ${release.version}, which is older: restore ${ref} in the source, or go back on purpose with holdfast rollback or --release ${release.ref}`,
        data,
      },
    ];
  }
  return [
    {
      ruleId: 'release/going-back',
      severity: 'warning',
      path,
      message: `${target.name} has ${ref}: this goes back to ${release.version}`,
      data,
    },
  ];
}

/** What the transforms said of the files that were derived in this run. */
export function transformFindings({ source, selection, derivation }: ItemInputs): Finding[] {
  if (derivation.pipeline.isIdentity) return [];
  return selection.deliveries.flatMap(
    (delivery) => source.deriver.report(delivery, derivation)?.findings ?? [],
  );
}

const blockWords: Record<Extract<FileDecision, { kind: 'block' }>['because'], string> = {
  drift:
    'was changed in the target since the last sync, and the rule says on_drift: block; move the change to an override, revert it, or let the rule merge',
  existing:
    'is in the target already and was not delivered by a sync, and the rule says on_existing: block; remove it there, or let the rule adopt it',
};

/** What the rule says to stop at. */
export function blockingFindings(cases: readonly FileCase[], { located }: ItemInputs): Finding[] {
  return cases.flatMap(({ path, decision }) =>
    decision.kind === 'block'
      ? [
          {
            ruleId: `target/${decision.because}-blocked`,
            severity: 'error' as const,
            path,
            message: blockWords[decision.because],
            data: { rule: located.rule.id },
          },
        ]
      : [],
  );
}

/** What the manifest of a target claims, and the rule cannot have done, or cannot be shown to have done. */
export function unfoundedFindings(cases: readonly FileCase[], inputs: ItemInputs): Finding[] {
  const { rule, file: ruleFile } = inputs.located;
  const data = { rule: rule.id };
  const unknown = cases.filter(({ foundation }) => foundation === 'unknown').length;
  const findings: Finding[] = cases.flatMap(({ path, decision, foundation }) => {
    const claim =
      decision.kind === 'disown'
        ? 'it is left alone, and listed no longer; where it is left over from an earlier form of the rule, remove it by hand'
        : foundation === 'unfounded'
          ? 'it counts as a file that was there before'
          : undefined;
    if (claim === undefined) return [];
    const message = `is in the manifest of ${rule.id}, but the rule, as it is, did not deliver it there from the recorded commit: ${claim}`;
    return [
      { ruleId: 'target/unfounded-record', severity: 'warning' as const, path, message, data },
    ];
  });
  if (unknown > 0) {
    findings.push({
      ruleId: 'target/unproven-record',
      severity: 'info',
      path: ruleFile,
      message: `what ${rule.id} delivered before cannot be derived again (its transforms are others now, or the source lacks the commit): nobody but people merges what comes of ${unknown} files of it`,
      data: { ...data, files: unknown },
    });
  }
  return findings;
}

/** Decisions of other targets, for people to look at. */
export function proposalFindings(outcomes: readonly Outcome[]): Finding[] {
  return outcomes.flatMap(({ path, proposedBy }) =>
    proposedBy === undefined
      ? []
      : [
          {
            ruleId: 'target/proposed-decision',
            severity: 'warning' as const,
            path,
            message: `was in conflict, and is proposed as ${proposedBy} decided the same conflict; look at it before the request is merged`,
            data: { decider: proposedBy },
          },
        ],
  );
}

const NAMED_PATHS = 3;

/** What links lead to that another rule delivers, and that does not come: whose it is, and what brings it. */
export function absentFindings(
  paths: ReadonlySet<string>,
  { located, otherDeliveries }: ItemInputs,
): Finding[] {
  const rules = Map.groupBy(
    [...paths].sort(),
    (path) => otherDeliveries.get(path)?.rule ?? ruleBelow(otherDeliveries, path),
  );
  return [...rules].flatMap(([rule, missing]) => {
    if (rule === undefined) return [];
    const more = missing.length > NAMED_PATHS ? ` and ${missing.length - NAMED_PATHS} more` : '';
    return [
      {
        ruleId: 'delivery/not-arriving',
        severity: 'warning' as const,
        path: located.file,
        message: `links lead to ${missing.slice(0, NAMED_PATHS).join(', ')}${more}, which ${rule} delivers and which neither this run nor an open request brings: run ${rule} with it, and mend what stops that`,
        data: { rule, paths: missing },
      },
    ];
  });
}

function ruleBelow(deliveries: ItemInputs['otherDeliveries'], folder: string): string | undefined {
  for (const path of deliveries.paths()) {
    if (path.startsWith(`${folder}/`)) return deliveries.get(path)?.rule;
  }
  return undefined;
}
