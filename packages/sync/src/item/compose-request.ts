import { fitRequest, neutralizeReferences } from '@holdfast/forge';
import { globBase } from '@holdfast/manifest';
import type { ModelComparison } from '@holdfast/catalog-diff/models';
import type { Manifest } from '@holdfast/manifest';
import type { ValidationReport } from '@holdfast/validation';
import { formatReport } from '@holdfast/validation';
import { requestBranch } from '../apply/request-branch.js';
import { describeMeaning } from '../compare-meaning.js';
import type { Finding } from '../finding.js';
import type { Outcome, PlannedRequest } from '../plan.js';
import type { Commit } from '../ports.js';
import { findOwners } from '../target/find-owners.js';
import type { ItemInputs } from './item-inputs.js';
import { commitMessage, isFileChange, requestBody, requestTitle } from './request-text.js';
import type { RequestFacts } from './request-text.js';

/** What the request tells of, once the files are settled. */
export interface RequestContent {
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly Finding[];
  readonly validation: ValidationReport;
  readonly previous?: Manifest;
  readonly meaning?: ModelComparison;
}

/** More paths than this, and the changelog asks for the folder instead of the files. */
const MAX_LOGGED_PATHS = 400;
const MAX_CHANGELOG = 200;

/** Composes the commit message and the change request of one item, after the specification's template. */
export async function composeRequest(
  inputs: ItemInputs,
  { outcomes, findings, validation, previous, meaning }: RequestContent,
): Promise<{ message: string; request: PlannedRequest }> {
  const { configuration, located, release, target } = inputs;
  const { rule } = located;
  const { namespace } = configuration;
  const changed = outcomes.filter(isFileChange);
  const facts: RequestFacts = {
    namespace,
    rule: rule.id,
    ...(rule.group === undefined ? {} : { group: rule.group }),
    sourceBase: globBase(rule.source),
    source: release,
    outcomes,
    findings,
    meaning: meaning ? describeMeaning(meaning) : [],
    first: previous === undefined,
    changelog: await readChangelog(inputs, changed, previous),
    validation: formatReport(validation, 'markdown').trim(),
    neutralize: neutralizeReferences,
  };
  const reviewers = new Set([
    ...rule.reviewers,
    ...(await findOwners(
      target,
      changed.map(({ path }) => path),
    )),
  ]);
  return {
    message: commitMessage(facts),
    request: {
      branch: requestBranch(namespace, release.version, rule),
      base: target.branch,
      ...fitRequest(
        {
          title: requestTitle(facts),
          body: requestBody(facts),
          labels: [
            ...new Set([
              `${namespace}-sync`,
              'auto-generated',
              ...(configuration.targets[rule.target_repo]?.request_labels ?? []),
              ...rule.labels,
            ]),
          ],
          reviewers: [...reviewers],
        },
        target.open.forge.limits,
      ),
      autoMerge: rule.auto_merge && isMergeableAlone(outcomes, findings, validation),
    },
  };
}

/**
 * Whether a request may be merged without anyone looking: no conflict, no drift, no decision of another
 * target, no claim of a manifest that does not hold, every check passed.
 */
function isMergeableAlone(
  outcomes: readonly Outcome[],
  findings: readonly Finding[],
  validation: ValidationReport,
): boolean {
  const claimed = findings.some(
    ({ ruleId }) => ruleId === 'target/unfounded-record' || ruleId === 'target/unproven-record',
  );
  if (claimed) return false;
  const plain = outcomes.every(
    ({ kind, drifted, proposedBy }) =>
      !drifted && proposedBy === undefined && kind !== 'conflicted' && kind !== 'overwritten',
  );
  return plain && validation.sync_validation.overall === 'pass';
}

async function readChangelog(
  { source, release, located }: ItemInputs,
  changed: readonly Outcome[],
  previous: Manifest | undefined,
): Promise<readonly Commit[]> {
  const paths = [...new Set(changed.flatMap(({ source: path }) => path ?? []))];
  if (paths.length === 0) return [];
  const folder = globBase(located.rule.source).replace(/\/$/, '');
  const from = previous?.source_commit;
  const known =
    from !== undefined &&
    (await source.commit(from)) !== undefined &&
    (await source.isAncestor(from, release.commit));
  return source.log({
    to: release.commit,
    paths: paths.length <= MAX_LOGGED_PATHS ? paths : folder === '' ? [] : [folder],
    limit: MAX_CHANGELOG,
    ...(known ? { from } : {}),
  });
}
