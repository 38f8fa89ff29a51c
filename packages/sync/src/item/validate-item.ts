import { compileGlob, hashSha256 } from '@holdfast/manifest';
import type { SyncRule } from '@holdfast/manifest';
import {
  checksumCheck,
  knownBreakage,
  linkIntegrityCheck,
  schemaCheck,
  secretScanCheck,
  validate,
  versionTagCheck,
} from '@holdfast/validation';
import type {
  Check,
  KnownBreakage,
  SchemaBinding,
  ValidationFile,
  ValidationReport,
  VersionTagOptions,
} from '@holdfast/validation';
import type { Outcome } from '../plan.js';
import type { TreeChange } from '../ports.js';
import { remember } from '../remember.js';
import { SyncError } from '../sync-error.js';
import { askAgain, changedTree, foldersOf, snapshotTree, viewTree } from '../target/tree-view.js';
import type { EntryTree } from '../target/tree-view.js';
import type { ItemInputs } from './item-inputs.js';
import { keepReport } from './validation-memo.js';

/**
 * Runs the gates over what an item would write, in the target's tree as it would be. Checks whose
 * findings cannot differ between two targets (same files, same answers of their trees) run once.
 */
export async function validateItem(
  inputs: ItemInputs,
  outcomes: readonly Outcome[],
  changes: readonly TreeChange[],
): Promise<ValidationReport> {
  const { located, release, target, runAt } = inputs;
  const { rule } = located;
  const now = snapshotTree(target.snapshot, target.contents);
  const tree = changedTree(deliveredByOthers(inputs, now), changes);
  const files = await collectFiles(inputs, outcomes, tree);
  const undecided = new Set(outcomes.filter(bearsMarkers).map(({ path }) => path));
  const memo = inputs.validations;
  const key = memoKey(rule, release.version, files, undecided);
  const known = memo.get(key) ?? [];
  memo.set(key, known);
  const alike = known.find(({ asked }) =>
    [...asked].every(([question, answer]) => askAgain(tree, question) === answer),
  );
  if (alike) return renamed(alike.report, rule.id);

  const asked = new Map<string, string>();
  const report = await validate(files, await createChecks(inputs, files, undecided), {
    ruleId: rule.id,
    runAt,
    sourceVersion: release.version,
    tree: viewTree(tree, (question, answer) => asked.set(question, answer)),
  });
  keepReport(known, { asked, report });
  return report;
}

/** What other rules deliver to the same target counts as present, also while their requests are open. */
function deliveredByOthers({ otherDeliveries, source }: ItemInputs, tree: EntryTree): EntryTree {
  const folders = foldersOf(otherDeliveries.paths());
  return {
    entry: (path) => tree.entry(path) ?? otherDeliveries.get(path)?.delivery,
    hasFolder: (path) => folders.has(path) || tree.hasFolder(path),
    async read(path) {
      const delivery = tree.entry(path) ? undefined : otherDeliveries.get(path)?.delivery;
      return delivery ? source.deriver.source(delivery.oid) : tree.read(path);
    },
  };
}

function renamed(report: ValidationReport, ruleId: string): ValidationReport {
  return { ...report, sync_validation: { ...report.sync_validation, rule_id: ruleId } };
}

function memoKey(
  rule: SyncRule,
  version: string,
  files: readonly ValidationFile[],
  undecided: ReadonlySet<string>,
): string {
  const contents = files.map(({ path, mode, content, expectedSha256 }) =>
    [path, mode, hashSha256(content), expectedSha256 ?? '', undecided.has(path)].join(' '),
  );
  return hashSha256(
    new TextEncoder().encode(
      JSON.stringify([rule.validation, rule.schemas, rule.transforms, version, contents]),
    ),
  );
}

/** What is checked: every delivered file that is written; all of them where one goes, for links to it break. */
async function collectFiles(
  { selection, source, derivation }: ItemInputs,
  outcomes: readonly Outcome[],
  tree: EntryTree,
): Promise<ValidationFile[]> {
  const removes = outcomes.some(({ before, after }) => before && !after);
  const files: ValidationFile[] = [];
  for (const outcome of outcomes) {
    const { path, before, after } = outcome;
    const delivery = selection.byPath.get(path);
    if (!delivery || !after || (!removes && after.oid === before?.oid)) continue;
    const content = await tree.read(path);
    if (!content) continue;
    files.push({
      path,
      content,
      mode: after.mode,
      sourcePath: delivery.source,
      ...(asDelivered.has(outcome.kind)
        ? { expectedSha256: await source.deriver.deriveAgain(delivery, derivation) }
        : {}),
    });
  }
  return files;
}

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
  const knownBroken = await breakageOfSource(inputs, files);
  return [
    ...(validation.checksum ? [checksumCheck()] : []),
    ...(validation.link_check
      ? [linkIntegrityCheck({ knownBroken, style: located.rule.links })]
      : []),
    ...(validation.schema_check
      ? [
          exceptUndecided(
            schemaCheck({ schemas: await bindSchemas(inputs), knownBroken }),
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

/** What is broken in the source already: it is no reason to stop a delivery. */
async function breakageOfSource(
  { source, release, located, selection, runAt, breakages }: ItemInputs,
  files: readonly ValidationFile[],
): Promise<KnownBreakage> {
  const { validation, links } = located.rule;
  const checks = [
    ...(validation.link_check ? [linkIntegrityCheck({ style: links })] : []),
    ...(validation.schema_check ? [schemaCheck()] : []),
  ];
  if (checks.length === 0) return () => false;
  const sources = files.flatMap(({ path }) => selection.byPath.get(path) ?? []);
  const paths = sources.map((delivery) => delivery.source).sort();
  const { link_check: linked, schema_check: schemas } = validation;
  // The source is the same wherever its files are delivered: all targets share the answer.
  const key = digestOf([release.commit, linked, schemas, links, paths]);
  return remember(breakages, key, async () => {
    const snapshot = await source.snapshot(release.commit);
    const reader = { read: (oid: string) => source.deriver.source(oid) };
    const originals: ValidationFile[] = [];
    for (const { source: path, oid, mode } of sources) {
      originals.push({ path, content: await reader.read(oid), mode });
    }
    const report = await validate(originals, checks, {
      ruleId: located.rule.id,
      runAt,
      sourceVersion: release.version,
      tree: viewTree(snapshotTree(snapshot, reader)),
    });
    return knownBreakage(report.findings);
  });
}

function digestOf(value: unknown): string {
  return hashSha256(new TextEncoder().encode(JSON.stringify(value)));
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
