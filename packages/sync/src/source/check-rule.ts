import { compileGlob } from '@holdfast/manifest';
import type { TargetRule } from '@holdfast/manifest';
import { checkDenyPattern } from '@holdfast/validation';
import type { Finding } from '../finding.js';
import type { FailedItem } from '../plan.js';
import type { Delivery } from './select-deliveries.js';
import { failedItem, SyncError } from '../sync-error.js';

/** The first of a rule's denied patterns that is none, at its place in the rule file. */
export async function checkDenyPatterns(located: TargetRule): Promise<FailedItem | undefined> {
  const { rule, file } = located;
  for (const [index, pattern] of rule.validation.deny.entries()) {
    const wrong = await checkDenyPattern(pattern);
    if (wrong === undefined) continue;
    const error = new SyncError(
      'bad-pattern',
      `validation.deny holds ${JSON.stringify(pattern)}, which is no pattern: ${wrong}`,
      { hint: 'write it in RE2 syntax, https://github.com/google/re2/wiki/Syntax' },
    );
    const item = failedItem(rule.id, rule.target_repo, error);
    const range = located.place('validation', 'deny', index);
    return { ...item, error: { ...item.error, path: file, ...(range ? { range } : {}) } };
  }
  return undefined;
}

/** The `schemas` of a rule that bind nothing: a gate that someone believes to be closed. */
export function checkSchemaUses(
  located: TargetRule,
  deliveries: readonly Delivery[],
  version: string,
): Finding[] {
  const { rule, file } = located;
  return rule.schemas.flatMap(({ files, schema }, index) => {
    const isMeant = compileGlob(files);
    if (deliveries.some(({ path }) => isMeant(path))) return [];
    const range = located.place('schemas', index, 'files');
    const meant = deliveries.find(({ source }) => isMeant(source));
    const hint = meant
      ? `; files are named by delivered paths, like ${meant.path}, not by their paths in the source`
      : '';
    return [
      {
        ruleId: 'schemas/no-match',
        severity: 'warning',
        path: file,
        ...(range ? { range } : {}),
        message: `nothing is validated against ${schema}: its files match none that ${rule.id} delivers of ${version}${hint}`,
      },
    ];
  });
}
