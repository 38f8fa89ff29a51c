import { hashSha256 } from '@holdfast/manifest';
import {
  knownBreakage,
  linkIntegrityCheck,
  schemaCheck,
  secretScanCheck,
  validate,
} from '@holdfast/validation';
import type { Check, Finding, ValidationFile } from '@holdfast/validation';
import type { SyncRule } from '@holdfast/manifest';
import type { Outcome } from '../plan.js';
import { remember } from '../remember.js';
import { snapshotTree, viewTree } from '../target/tree-view.js';
import type { ItemInputs } from './item-inputs.js';
import type { SourceBreakage } from './validation-memo.js';

/** What is broken in the source already, of the files that are checked. */
export async function breakageOfSource(
  { source, release, located, selection, runAt, breakages }: ItemInputs,
  files: readonly ValidationFile[],
): Promise<SourceBreakage> {
  const { validation, links } = located.rule;
  const checks = checksOf(located.rule);
  if (checks.length === 0) return { links: () => false, schemas: () => false };
  const sources = files.flatMap(({ path }) => selection.byPath.get(path) ?? []);
  const paths = sources.map((delivery) => delivery.source).sort();
  const { link_check: linked, schema_check: schemas, source_findings: actions } = validation;
  // The source is the same wherever its files are delivered: all targets share the answer.
  const key = digestOf([release.commit, linked, schemas, links, actions, paths]);
  return remember(breakages, key, async () => {
    const snapshot = await source.snapshot(release.commit);
    const reader = { read: (oid: string) => source.deriver.source(oid) };
    const originals: ValidationFile[] = [];
    for (const { source: path, oid, mode } of sources) {
      originals.push({ path, content: await reader.read(oid), mode });
    }
    const { findings } = await validate(originals, checks, {
      ruleId: located.rule.id,
      runAt,
      sourceVersion: release.version,
      tree: viewTree(snapshotTree(snapshot, reader)),
    });
    return {
      links: knownBreakage(findings, actionOf(actions.link_check)),
      schemas: knownBreakage(findings, actionOf(actions.schema_check)),
    };
  });
}

function actionOf(action: 'block' | 'warn' | undefined) {
  return action === undefined ? {} : { action };
}

function checksOf({ validation, links }: SyncRule): Check[] {
  return [
    ...(validation.link_check ? [linkIntegrityCheck({ style: links })] : []),
    ...(validation.schema_check ? [schemaCheck()] : []),
  ];
}

/** Which findings of a merged file are about the downstream's text. */
export interface OwnText {
  readonly ownerOf: (finding: Finding) => 'source' | 'target';
  /** Differs wherever an answer may. */
  readonly key: string;
}

/**
 * What is wrong already with the downstream's side of a merged file, where it lies now: the file itself, and
 * its override. The delivery does not break that, and cannot mend it.
 */
export async function findingsOfOurs(
  { located, target, runAt, release }: ItemInputs,
  { path, before, override }: Outcome,
): Promise<OwnText> {
  const { rule } = located;
  const declared = override === undefined ? undefined : target.snapshot.entries.get(override);
  const found: Finding[] = [];
  const ids: string[] = [];
  for (const entry of [before, declared]) {
    if (!entry || entry.mode === '160000') continue;
    const { oid, mode } = entry;
    ids.push(oid);
    const content = await target.contents.read(oid);
    const { validation } = rule;
    const checks = [
      ...checksOf(rule),
      ...(validation.secret_scan
        ? [
            secretScanCheck({
              allow: validation.allow_secrets,
              severities: validation.secret_rules,
            }),
          ]
        : []),
    ];
    const report = await validate([{ path, content, mode }], checks, {
      ruleId: rule.id,
      runAt,
      sourceVersion: release.version,
      tree: viewTree(snapshotTree(target.snapshot, target.contents)),
    });
    for (const finding of report.findings) found.push(finding);
  }
  const isOurs = knownBreakage(found, { action: 'warn' });
  const file = { path, content: new Uint8Array(), mode: '100644' as const };
  return {
    ownerOf: (finding) => (isOurs(file, finding) === false ? 'source' : 'target'),
    key: ids.join('+'),
  };
}

function digestOf(value: unknown): string {
  return hashSha256(new TextEncoder().encode(JSON.stringify(value)));
}
