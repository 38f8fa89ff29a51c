import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { findConfiguration, findRuleFiles } from './read-configuration.js';

/**
 * Says by a short text which files a configuration is read from and how they are now: another text means
 * that it is worth reading anew. No content is read.
 *
 * @throws FleetError `no-configuration`
 */
export async function fingerprintConfiguration(
  cwd: string,
  named: string | undefined,
  rules: readonly string[],
): Promise<string> {
  const path = await findConfiguration(cwd, named);
  const folder = dirname(path);
  const files = await findRuleFiles(folder, rules);
  const hash = createHash('sha256');
  for (const file of [path, ...files.map((each) => join(folder, each.path))]) {
    const { mtimeMs, size, ino } = await stat(file).catch(() => ({ mtimeMs: 0, size: -1, ino: 0 }));
    hash.update(`${relative(folder, file)}\0${mtimeMs}\0${size}\0${ino}\n`);
  }
  return hash.digest('hex');
}
