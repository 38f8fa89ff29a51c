import { compileGlob, hashSha256 } from '@holdfast/manifest';
import type { SyncRule } from '@holdfast/manifest';
import {
  checksumCheck,
  linkIntegrityCheck,
  schemaCheck,
  secretScanCheck,
  validate,
  versionTagCheck,
} from '@holdfast/validation';
import type {
  Check,
  SchemaBinding,
  ValidationFile,
  ValidationReport,
  VersionTagOptions,
} from '@holdfast/validation';
import type { Outcome } from '../plan.js';
import type { TreeChange } from '../ports.js';
import { SyncError } from '../sync-error.js';
import { askAgain, changedTree, snapshotTree, viewTree } from '../target/tree-view.js';
import type { EntryTree } from '../target/tree-view.js';
import { findArrivals } from './arrivals.js';
import { breakageOfSource, findingsOfOurs } from './broken-already.js';
import type { ItemInputs } from './item-inputs.js';
import { keepReport } from './validation-memo.js';

/** What the gates say of an item, and what of other rules they counted on. */
export interface ItemValidation {
  readonly report: ValidationReport;
  /** Paths that other rules bring, at which something looks. */
  readonly leansOn: ReadonlySet<string>;
  /** Paths that other rules would bring, at which something looks, and that do not come. */
  readonly missing: ReadonlySet<string>;
}

/**
 * Runs the gates over what an item would write, in the target's tree as it would be. Checks whose
 * findings cannot differ between two targets (same files, same answers of their trees) run once.
 */
export async function validateItem(
  inputs: ItemInputs,
  outcomes: readonly Outcome[],
  changes: readonly TreeChange[],
): Promise<ItemValidation> {
  const { located, release, target, runAt } = inputs;
  const { rule } = located;
  const now = changedTree(snapshotTree(target.snapshot, target.contents), changes);
  const arrivals = findArrivals(inputs, now);
  const { tree } = arrivals;
  const undecided = new Set(outcomes.filter(bearsMarkers).map(({ path }) => path));
  const { files, owners } = await collectFiles(inputs, outcomes, tree);
  const memo = inputs.validations;
  const key = memoKey(rule, release.version, files, { undecided, owners });
  const known = memo.get(key) ?? [];
  memo.set(key, known);
  const alike = known.find(({ asked }) =>
    [...asked].every(([question, answer]) => askAgain(tree, question) === answer),
  );
  if (alike) return { report: renamed(alike.report, rule.id), ...arrivals.answered(alike.asked) };

  const asked = new Map<string, string>();
  const report = await validate(files, await createChecks(inputs, files, undecided), {
    ruleId: rule.id,
    runAt,
    sourceVersion: release.version,
    tree: viewTree(tree, (question, answer) => asked.set(question, answer)),
  });
  keepReport(known, { asked, report });
  return { report, ...arrivals.answered(asked) };
}

function renamed(report: ValidationReport, ruleId: string): ValidationReport {
  return { ...report, sync_validation: { ...report.sync_validation, rule_id: ruleId } };
}

function memoKey(
  rule: SyncRule,
  version: string,
  files: readonly ValidationFile[],
  {
    undecided,
    owners,
  }: { readonly undecided: ReadonlySet<string>; readonly owners: ReadonlyMap<string, string> },
): string {
  const contents = files.map(({ path, mode, content, expectedSha256 }) =>
    [
      path,
      mode,
      hashSha256(content),
      expectedSha256 ?? '',
      undecided.has(path),
      owners.get(path) ?? '',
    ].join(' '),
  );
  return hashSha256(
    new TextEncoder().encode(
      JSON.stringify([rule.validation, rule.schemas, rule.transforms, version, contents]),
    ),
  );
}

/** What is checked: every delivered file that is written; all of them where one goes, for links to it break. */
async function collectFiles(
  inputs: ItemInputs,
  outcomes: readonly Outcome[],
  tree: Pick<EntryTree, 'read'>,
): Promise<{ files: ValidationFile[]; owners: Map<string, string> }> {
  const { selection, source, derivation } = inputs;
  const removes = outcomes.some(({ before, after }) => before && !after);
  const files: ValidationFile[] = [];
  const owners = new Map<string, string>();
  for (const outcome of outcomes) {
    const { path, kind, before, after } = outcome;
    const delivery = selection.byPath.get(path);
    if (!delivery || !after || (!removes && after.oid === before?.oid)) continue;
    const content = await tree.read(path);
    if (!content) continue;
    const common = { path, content, mode: after.mode, sourcePath: delivery.source };
    if (asDelivered.has(kind)) {
      const expectedSha256 = await source.deriver.deriveAgain(delivery, derivation);
      files.push({ ...common, expectedSha256 });
    } else if (ofTarget.has(kind)) {
      owners.set(path, 'target');
      files.push({ ...common, owner: 'target' });
    } else if (kind === 'merged') {
      const ours = await findingsOfOurs(inputs, outcome);
      owners.set(path, ours.key);
      files.push({ ...common, owner: ours.ownerOf });
    } else files.push(common);
  }
  return { files, owners };
}

/** Outcomes after which the file holds the downstream's own text, or waits for its decision. */
const ofTarget: ReadonlySet<Outcome['kind']> = new Set([
  'customised',
  'overridden',
  'conflicted',
  'unresolved',
]);

/** Outcomes after which the target holds exactly what upstream delivers. */
const asDelivered: ReadonlySet<Outcome['kind']> = new Set([
  'added',
  'updated',
  'recreated',
  'overwritten',
]);

/** Whether someone has yet to decide what stands between the conflict markers of a file. */
function bearsMarkers({ kind, conflict }: Outcome): boolean {
  return kind === 'unresolved' || (conflict !== undefined && conflict.ranges.length > 0);
}

/** A file with conflict markers is no JSON or YAML: what it says is checked once it is decided. */
function exceptUndecided(check: Check, undecided: ReadonlySet<string>): Check {
  return {
    ...check,
    run: (input) =>
      check.run({ ...input, files: input.files.filter(({ path }) => !undecided.has(path)) }),
  };
}

async function createChecks(
  inputs: ItemInputs,
  files: readonly ValidationFile[],
  undecided: ReadonlySet<string>,
): Promise<Check[]> {
  const { located, configuration } = inputs;
  const { validation, transforms } = located.rule;
  const broken = await breakageOfSource(inputs, files);
  return [
    ...(validation.checksum ? [checksumCheck()] : []),
    ...(validation.link_check
      ? [linkIntegrityCheck({ knownBroken: broken.links, style: located.rule.links })]
      : []),
    ...(validation.schema_check
      ? [
          exceptUndecided(
            schemaCheck({ schemas: await bindSchemas(inputs), knownBroken: broken.schemas }),
            undecided,
          ),
        ]
      : []),
    ...(validation.secret_scan
      ? [
          secretScanCheck({
            deny: validation.deny.map((pattern, index) => ({
              pattern,
              message: `by validation.deny[${index}] of the rule`,
            })),
            allow: validation.allow_secrets,
            severities: validation.secret_rules,
          }),
        ]
      : []),
    ...(validation.version_tag
      ? [versionTagCheck(versionTagOf(transforms, configuration.namespace))]
      : []),
  ];
}

/** Where the rule's `version_tag` puts the version; a rule without one has no file that must bear it. */
function versionTagOf(transforms: SyncRule['transforms'], namespace: string): VersionTagOptions {
  const step = transforms.find((one) => 'version_tag' in one);
  if (!step) return { files: () => false };
  return { key: step.version_tag.key ?? `${namespace}_version` };
}

async function bindSchemas({ located, source, release }: ItemInputs): Promise<SchemaBinding[]> {
  const { entries } = await source.snapshot(release.commit);
  return Promise.all(
    located.rule.schemas.map(async ({ files, schema }) => {
      const entry = entries.get(schema);
      if (!entry) {
        throw new SyncError(
          'unknown-path',
          `${located.file}: schemas names ${schema}, which ${release.version} of the source does not have`,
          { hint: 'name a JSON Schema by its path in the source repository' },
        );
      }
      const content = await source.deriver.source(entry.oid);
      return { files: compileGlob(files), schema, content };
    }),
  );
}
