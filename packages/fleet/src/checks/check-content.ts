import { schemaCheck, secretScanCheck, validate } from '@holdfast/validation';
import type { Finding, ValidationFile } from '@holdfast/validation';

/**
 * What is wrong with one file by itself: JSON and YAML that do not parse, what looks like a secret.
 * Errors alone.
 */
export async function checkContent(
  file: Pick<ValidationFile, 'path' | 'content' | 'mode'>,
  { runAt }: { readonly runAt: Date },
): Promise<Finding[]> {
  const checks = [schemaCheck(), secretScanCheck()];
  const context = { ruleId: 'decision', runAt, sourceVersion: '' };
  const { findings } = await validate([file], checks, context);
  return findings.filter(({ severity }) => severity === 'error');
}
