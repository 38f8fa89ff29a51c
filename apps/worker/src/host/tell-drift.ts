import { neutralizeReferences } from '@holdfast/forge';
import type { OpenFleet } from '@holdfast/fleet';
import { detectDrift } from '@holdfast/sync';
import type { DriftItem } from '@holdfast/sync';
import type { Perform } from './fleet-host.js';

type Drifted = Extract<DriftItem, { kind: 'drifted' }>;

/** Files that a comment lists before it only counts. */
const LISTED = 50;

/**
 * Tells requests of a target's branch which delivered files it changes: one comment each, kept up to
 * date, and withdrawn in words when the branch no longer changes any.
 */
export const tellDrift: Perform<OpenFleet> = async (fleet, { ref = '' }, targets, { onResult }) => {
  for (const target of targets) {
    const opened = await fleet.openTarget(target);
    try {
      const exists = await opened.repository.resolveCommit(`refs/heads/${ref}`);
      const items = exists
        ? await detectDrift(onBranch(fleet, target, ref), { targets: [target] })
        : [];
      const drifted = items.filter((item) => item.kind === 'drifted');
      const requests = (await opened.forge.findByHead(ref)).filter(({ state }) => state === 'open');
      const { namespace } = fleet.configuration;
      for (const { id } of requests)
        await opened.forge.comment(id, { key: `${namespace}-drift`, body: bodyOf(drifted, fleet) });
      const [request] = requests;
      await onResult({
        target,
        verdict: 'done',
        registry: [],
        items: drifted.map(({ rule, drifted: files }) => ({
          rule,
          outcome: 'drifts',
          ...(request ? { request: { number: request.number, ...urlOf(request) } } : {}),
          detail: `${ref} changes ${files
            .map(({ path }) => path)
            .slice(0, LISTED)
            .join(', ')}`,
        })),
      });
    } finally {
      await opened.repository.close();
    }
  }
};

/** The fleet, with one target as its branch would make it. */
function onBranch(fleet: OpenFleet, target: string, branch: string): OpenFleet {
  const known = fleet.configuration.targets[target];
  if (!known) return fleet;
  const targets = { ...fleet.configuration.targets, [target]: { ...known, branch } };
  return { ...fleet, configuration: { ...fleet.configuration, targets } };
}

function urlOf({ url }: { readonly url?: string }): { readonly url?: string } {
  return url === undefined ? {} : { url };
}

function bodyOf(drifted: readonly Drifted[], { configuration, sourceName }: OpenFleet): string {
  if (drifted.length === 0) return 'This no longer changes a file that is delivered here.';
  const files = drifted.flatMap(({ drifted: each }) => each);
  const listed = files
    .slice(0, LISTED)
    .map(({ path, state }) => `- ${asCode(path)}${state === 'missing' ? ', removed' : ''}`);
  return [
    `This changes ${files.length === 1 ? 'a file that is' : `${files.length} files that are`} delivered from ${neutralizeReferences(sourceName)}:`,
    [...listed, ...(files.length > LISTED ? [`- and ${files.length - LISTED} more`] : [])].join(
      '\n',
    ),
    `The next delivery merges with it and may conflict. To keep a version of your own, put it into ${asCode(`.${configuration.namespace}-overrides/`)} (\`holdfast override PATH\`); to change it everywhere, change the source.`,
  ].join('\n\n');
}

function asCode(path: string): string {
  const longest = Math.max(0, ...(path.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${path.replaceAll(/[\r\n]/g, ' ')}${space}${fence}`;
}
