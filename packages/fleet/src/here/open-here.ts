import { basename } from 'node:path';
import { openRepository } from '@holdfast/git';
import { parseConfiguration } from '@holdfast/manifest';
import type { Configuration } from '@holdfast/manifest';
import type { TargetTree } from '../files/target-folder.js';
import { FleetError } from '../fleet-error.js';
import { openFleet, openOptions } from '../open/open-fleet.js';
import type { OpenFleet, OpenFleetOptions } from '../open/open-fleet.js';
import { readLocation, readOrigin } from '../open/source-identity.js';

/** The fleet of one: the target around, at its origin, where its change requests live. */
export interface FleetHere {
  readonly fleet: OpenFleet;
  /** What the target is called. */
  readonly target: string;
}

/**
 * Opens the target of a work tree as a fleet without rules: at its `origin`, or itself where it has
 * none. Whoever opens it disposes of the fleet.
 */
export async function openHere(
  { root, namespaces }: TargetTree,
  options: OpenFleetOptions,
): Promise<FleetHere> {
  const url = await originOf(root, options);
  const target = nameOf(url, root);
  const configuration = configure({ namespace: namespaces[0], target, url });
  const fleet = await openFleet({ folder: root, configuration, rules: [] }, options);
  return { fleet, target };
}

async function originOf(root: string, options: OpenFleetOptions): Promise<string> {
  const repository = await openRepository(root, openOptions(options));
  try {
    const origin = await readOrigin(repository.directory);
    return origin?.replace(/^(https?:\/\/)[^/?#\\]*@/i, '$1') ?? '.';
  } finally {
    await repository.close();
  }
}

/** `owner/name` of a URL, or else the name of the folder. */
function nameOf(url: string, root: string): string {
  const location = readLocation(url);
  const parts = (location?.path ?? '')
    .replace(/\/+$|\.git\/*$/g, '')
    .split('/')
    .filter(Boolean);
  const isWeb = location && location.kind !== 'path' && location.protocol !== 'file';
  const name = isWeb ? parts.slice(-2).join('/') : (parts.at(-1) ?? '');
  return name === '' || name === '.' || name === '..' ? basename(root) : name;
}

function configure({
  namespace,
  target,
  url,
}: {
  readonly namespace: string;
  readonly target: string;
  readonly url: string;
}): Configuration {
  const text = JSON.stringify({ version: 1, namespace, targets: { [target]: { url } } });
  const parsed = parseConfiguration(text, { file: 'origin' });
  if (parsed.kind === 'parsed') return parsed.value;
  throw new FleetError('bad-argument', 'the origin of this repository cannot be used', {
    blame: 'repository',
    findings: parsed.findings,
    hint: 'correct it with: git remote set-url origin URL',
  });
}
