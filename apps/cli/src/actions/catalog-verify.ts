import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { formatComparison } from '@holdfast/catalog-diff';
import { expectedLive } from '@holdfast/catalog-diff/render';
import { compareLive, logDrift } from '../catalog/compare-live.js';
import type { CatalogFolders } from '../catalog/catalog-settings.js';
import { openCatalog } from '../catalog/open-catalog.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { readVersion } from '../read-version.js';
import { renderVerified } from '../render/catalog.js';
import { captureServers, type CaptureInput } from './catalog-capture.js';
import { planRender } from './catalog-render.js';

export interface VerifyInput extends CatalogFolders, Pick<CaptureInput, 'timeout' | 'capability'> {
  readonly servers?: string;
  readonly diffs: string;
}

/**
 * `holdfast catalog verify`: a fresh capture, a render, and whether what is served is what was intended; schemas that
 * failed fail it too.
 */
export async function catalogVerify(
  context: CommandContext,
  input: VerifyInput,
): Promise<CommandResult> {
  const catalog = openCatalog(context, input);
  const { settings, store, at } = catalog;
  const intended = await store.read('intended-catalog');
  let down = 0;
  if (input.servers !== undefined) {
    const { descriptors } = await captureServers(
      context,
      { ...input, servers: input.servers },
      store,
      at,
    );
    await store.write('live-descriptors', descriptors);
    down = descriptors.servers.filter(({ health }) => health !== 'up').length;
  }
  const planned = await planRender(catalog, { verify: true });
  if (intended === undefined) await store.write('intended-catalog', planned.catalog);
  const served =
    (input.servers === undefined ? await store.read('live-catalog') : undefined) ??
    expectedLive(planned.catalog, planned.descriptors, at);
  const comparison = await compareLive(store, intended ?? planned.catalog, served);
  const gaps = comparison.tools.filter(({ change }) => change !== 'same');
  const outages = gaps.filter(({ cause }) => cause?.kind === 'health').length;
  await logDrift(store, comparison, at);
  const failures = planned.status.tools.filter(({ state }) => state === 'failed');
  await store.update('verify-runs', (present) => ({
    schemaVersion: 1,
    kind: 'verify-runs',
    runs: [
      ...(present?.runs ?? []),
      { at, gaps: gaps.length, outages, failures: failures.length, release: readVersion() },
    ].slice(-200),
  }));
  const errors = planned.findings.filter(({ severity }) => severity === 'error');
  const kept =
    gaps.length > 0
      ? await keepDiff(context, input.diffs, at, formatComparison(comparison))
      : undefined;
  const isDriftPassed = gaps.length > 0 && settings.allowLiveDrift;
  const isBad =
    errors.length > 0 || failures.length > 0 || (gaps.length > 0 && !settings.allowLiveDrift);
  return {
    exitCode: isBad ? 1 : down > 0 && !settings.allowLiveDrift ? 3 : 0,
    document: {
      stages: {
        render: { errors: errors.length, findings: planned.findings },
        parity: { summary: comparison.summary, gaps: gaps.length, outages, allowed: isDriftPassed },
        adoption: { failed: failures },
      },
      ...(kept !== undefined && { diff: kept }),
    },
    text: () => renderVerified({ planned, comparison, failures, isDriftPassed, kept, down }),
  };
}

/** Keeps a difference in a file of its own. */
async function keepDiff(
  { surroundings: { cwd } }: CommandContext,
  folder: string,
  at: string,
  text: string,
): Promise<string> {
  const directory = resolve(cwd, folder);
  await mkdir(directory, { recursive: true });
  const stamp = at.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  for (let count = 1; ; count++) {
    const path = join(directory, `intended-live.${stamp}${count === 1 ? '' : `-${count}`}.txt`);
    try {
      await writeFile(path, text, { flag: 'wx' });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
