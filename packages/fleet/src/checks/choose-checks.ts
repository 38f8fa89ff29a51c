import { schemaCheck } from '@holdfast/validation';
import type { Check } from '@holdfast/validation';
import { readFiles } from '../files/read-files.js';
import type { Subject } from './check-subject.js';
import { catalogueCheck } from './catalogue-check.js';
import { withCatalogueLinks } from './catalogue-links.js';
import { deliveredCheck, deliveredVersionCheck, isSyncState } from './delivered-files.js';
import { localLinkCheck, readingCheck, scopedSecretScan } from './local-checks.js';
import type { LocalRules } from './local-rules.js';

/** The checks by their names in a report; `checksum` and `version_tag` look at delivered files. */
export type CheckId =
  | 'catalogue_check'
  | 'checksum'
  | 'link_integrity'
  | 'schema_check'
  | 'secret_scan'
  | 'version_tag';

/** In the order of a report. */
const CHECK_IDS: readonly CheckId[] = [
  'checksum',
  'link_integrity',
  'schema_check',
  'secret_scan',
  'version_tag',
  'catalogue_check',
];

/** Which checks, and what the secret scan looks for beside what it always does. */
export interface CheckChoice {
  /** Only these checks. */
  readonly check?: readonly CheckId[];
  /** Not these checks. */
  readonly skip?: readonly CheckId[];
  /** RE2 patterns that must match nowhere. */
  readonly deny?: readonly string[];
  /** Fingerprints of findings of the secret scan that pass. */
  readonly allow?: readonly string[];
}

/** The checks that look at a subject: those that are asked for and that have something to look at. */
export function chooseChecks(subject: Subject, rules: LocalRules, input: CheckChoice): Check[] {
  const { check: only, skip = [], deny = [], allow = [] } = input;
  const { tree, delivered, change, files, findings, isMeant } = subject;
  const known = new Set(files.map(({ path }) => path));
  const removals = change && {
    removed: change.removed,
    readOthers: async () => {
      const others = [...tree.entries.values()].filter(
        ({ path }) => isMarkdown(path) && !known.has(path) && !isSyncState(path),
      );
      return (await readFiles(tree, others)).files;
    },
  };
  const available: Record<CheckId, Check | undefined> = {
    checksum: delivered && deliveredCheck(delivered, isMeant),
    link_integrity: withCatalogueLinks(
      localLinkCheck(removals, rules.scans),
      tree,
      rules.catalogues,
    ),
    schema_check: schemaCheck({ schemas: rules.schemas }),
    secret_scan: scopedSecretScan(rules.scans, { deny, allow }),
    catalogue_check: catalogueCheck(subject, rules.catalogues),
    version_tag: delivered && deliveredVersionCheck(delivered),
  };
  const chosen = CHECK_IDS.filter((id) => (only ?? CHECK_IDS).includes(id) && !skip.includes(id));
  return [
    ...(findings.length > 0 ? [readingCheck(findings)] : []),
    ...chosen.flatMap((id) => available[id] ?? []),
  ];
}

function isMarkdown(path: string): boolean {
  return /\.(?:md|mdc|markdown|mdown|mkdn?)$/i.test(path);
}
