import { openImpactCache } from '@holdfast/fleet';
import type { FleetSurroundings, OpenFleet } from '@holdfast/fleet';
import { commentImpact, findImpact } from '@holdfast/sync';
import type { Perform } from './fleet-host.js';

/** Tells a request of the source what merging it would do downstream, in one comment that is kept. */
export function tellImpact(surroundings: FleetSurroundings): Perform<OpenFleet> {
  return async (fleet, { ref = '' }, [source = ''], { onResult }) => {
    const base =
      fleet.configuration.source.branch ?? (await fleet.source.defaultBranch()) ?? 'main';
    const cache = openImpactCache(surroundings);
    const found = await findImpact(fleet, { base, head: ref, cache });
    const told = { ...found, items: await Array.fromAsync(found.items) };
    const comment = await commentImpact(fleet, told);
    const affected = told.items.filter((item) => item.kind === 'affected');
    const targets = new Set(affected.map(({ target }) => target)).size;
    const conflicts = affected.filter((item) => item.conflicts > 0 || item.blocked).length;
    await onResult({
      target: source,
      verdict: 'done',
      registry: [],
      items: [
        {
          rule: ref,
          outcome: comment.kind,
          ...(comment.kind === 'commented' ? { request: comment.request } : {}),
          detail: `${targets} targets would get something else, ${conflicts} with conflicts or failing checks`,
        },
      ],
    });
  };
}
