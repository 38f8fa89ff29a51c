import type { LinkSettings } from './decide-link.js';
import { createLinkTransform } from './link-transform.js';
import type { PipelineSettings, TransformSettings } from './pipeline-settings.js';
import type { Transform } from './transform.js';

/** The content transforms of a pipeline, in the order in which they run. */
export function createSteps({ transforms = [] }: PipelineSettings): Transform[] {
  const steps: Transform[] = [];
  const links = readLinkSettings(transforms);
  if (links !== undefined) steps.push(createLinkTransform(links));
  return steps;
}

/**
 * All that speaks of links makes one transform, for each link is decided once. `strip_internal_links`
 * strips what is internal or undelivered; `undelivered_links` names another fate for the undelivered.
 */
function readLinkSettings(transforms: readonly TransformSettings[]): LinkSettings | undefined {
  const strip = transforms.findLast((entry) => entry.strip_internal_links !== undefined);
  const policy = transforms.findLast((entry) => entry.undelivered_links !== undefined);
  const prefixes = transforms
    .flatMap((entry) => entry.rewrite_paths ?? [])
    .filter(({ in: places = ['links', 'code_spans'] }) => places.includes('links'))
    .map(({ from, to }) => ({ from, to }));
  if (strip === undefined && policy === undefined && prefixes.length === 0) return undefined;
  const stripping = strip?.strip_internal_links;
  return {
    undelivered: policy?.undelivered_links ?? (stripping ? 'strip' : 'keep'),
    internal: (stripping ?? policy !== undefined) ? 'strip' : 'keep',
    prefixes,
  };
}
