import type { Configuration, SyncRule, TargetRule } from '@holdfast/manifest';
import { compileGlob, hashSha256 } from '@holdfast/manifest';
import { createLinkMap, createPipeline, TransformError } from '@holdfast/transforms';
import type { LinkMap, Pipeline } from '@holdfast/transforms';
import type { FailedItem } from '../plan.js';
import { BoundedMap, remember } from '../remember.js';
import { failedItem } from '../sync-error.js';
import type { Derivation } from './derive-files.js';
import { matchFiles, placeDeliveries } from './select-deliveries.js';
import type {
  OtherDeliveries,
  MatchedFiles,
  RuleDelivery,
  Selection,
} from './select-deliveries.js';
import type { SourceView } from './source-view.js';

/** Makes what rules select and how they derive it, each once for all targets that ask for the same. */
export interface DeliveryMaker {
  /** What is wrong with the rule's transforms, at its place in the rule file. */
  check(located: TargetRule): FailedItem | undefined;
  select(located: TargetRule, commit: string): Promise<Selection>;
  /** What the other rules of the same target deliver from the commit. */
  deliveredByOthers(located: TargetRule, commit: string): Promise<OtherDeliveries>;
  /** How the rule derives files of the commit for a branch of its target. */
  derive(
    located: TargetRule,
    release: { readonly tag: string; readonly commit: string },
    branch: string,
  ): Promise<Derivation>;
}

/** Rules of a configuration are few; what they select, for so many targets at once, is larger. */
const MAX_PIPELINES = 1000;
const MAX_SELECTIONS = 64;
const MAX_TREES = 16;

/** Creates the delivery maker of a run over one source. */
export function createDeliveryMaker(
  configuration: Configuration,
  rules: readonly TargetRule[],
  source: SourceView,
): DeliveryMaker {
  const { internal } = configuration.source;
  const isInternal = internal.length > 0 ? compileGlob(internal) : () => false;
  const pipelines = new BoundedMap<string, Pipeline>(MAX_PIPELINES);
  const matches = new BoundedMap<string, Promise<MatchedFiles>>(MAX_SELECTIONS);
  const selections = new BoundedMap<string, Promise<Selection>>(MAX_SELECTIONS);
  const linkMaps = new BoundedMap<string, Promise<LinkMap>>(MAX_TREES);
  const targets = new BoundedMap<string, Promise<Map<string, RuleDelivery[]>>>(MAX_TREES);
  const siblings = Map.groupBy(rules, ({ rule }) => targetKey(rule));

  function pipelineOf({ rule: { strategy, transforms, links } }: TargetRule): Pipeline {
    const { namespace } = configuration;
    return remember(pipelines, JSON.stringify([strategy, transforms, links]), () =>
      createPipeline({ strategy, transforms, namespace, links }),
    );
  }

  function check(located: TargetRule): FailedItem | undefined {
    try {
      pipelineOf(located);
      return undefined;
    } catch (error) {
      if (!(error instanceof TransformError)) throw error;
      const { rule, file } = located;
      const place = error.data['keyPath'];
      const range = located.place(...(Array.isArray(place) ? (place as string[]) : ['transforms']));
      const item = failedItem(rule.id, rule.target_repo, error);
      return { ...item, error: { ...item.error, path: file, ...(range ? { range } : {}) } };
    }
  }

  function matchKey({ source: glob, filters }: SyncRule, commit: string): string {
    return JSON.stringify([commit, glob, filters]);
  }

  function selectionKey({ rule }: TargetRule, commit: string): string {
    const { target_path: path, transforms } = rule;
    const renames = transforms.filter((step) => 'rename' in step);
    return JSON.stringify([matchKey(rule, commit), path, renames]);
  }

  function select(located: TargetRule, commit: string): Promise<Selection> {
    const { rule } = located;
    return remember(selections, selectionKey(located, commit), async () => {
      const matched = await remember(matches, matchKey(rule, commit), async () =>
        matchFiles(rule, await source.snapshot(commit), internal),
      );
      return placeDeliveries(rule, matched, pipelineOf(located).mapPath);
    });
  }

  function siblingsOf(located: TargetRule): readonly TargetRule[] {
    return siblings.get(targetKey(located.rule)) ?? [located];
  }

  /** What all rules of a target deliver, by target path; one map serves them all. */
  function deliveredTo(located: TargetRule, commit: string): Promise<Map<string, RuleDelivery[]>> {
    return remember(targets, `${targetKey(located.rule)} ${commit}`, async () => {
      const paths = new Map<string, RuleDelivery[]>();
      for (const sibling of siblingsOf(located)) {
        const { id: rule } = sibling.rule;
        for (const delivery of (await select(sibling, commit)).deliveries) {
          const known = paths.get(delivery.path);
          if (known) known.push({ rule, delivery });
          else paths.set(delivery.path, [{ rule, delivery }]);
        }
      }
      return paths;
    });
  }

  async function deliveredByOthers(located: TargetRule, commit: string): Promise<OtherDeliveries> {
    if (siblingsOf(located).length === 1) return nothingByOthers;
    const all = await deliveredTo(located, commit);
    const get = (path: string) => all.get(path)?.find(({ rule }) => rule !== located.rule.id);
    const has = (path: string) => get(path) !== undefined;
    return { get, has, paths: () => [...all.keys()].filter(has) };
  }

  function linksOf(located: TargetRule, commit: string): Promise<LinkMap> {
    const all = siblingsOf(located);
    const key = all.map((rule) => selectionKey(rule, commit)).join('\n');
    return remember(linkMaps, key, async () => {
      const selected = await Promise.all(all.map((rule) => select(rule, commit)));
      const deliveries = selected.flatMap((one) =>
        one.deliveries.map(({ source, path }) => ({ source, target: path })),
      );
      const sourcePaths = (await source.snapshot(commit)).entries.keys();
      return createLinkMap({ deliveries, sourcePaths, isInternal });
    });
  }

  async function derive(
    located: TargetRule,
    { tag, commit }: { readonly tag: string; readonly commit: string },
    branch: string,
  ): Promise<Derivation> {
    const { rule } = located;
    const pipeline = pipelineOf(located);
    const context = {
      ruleId: rule.id,
      variables: { ...configuration.targets[rule.target_repo]?.variables, ...rule.variables },
      source: { name: source.name, version: tag, commit, url: source.url },
      target: { repo: rule.target_repo, branch },
      links: pipeline.isIdentity ? noLinks : await linksOf(located, commit),
    };
    return { pipeline, context, digest: digestOf(pipeline, context) };
  }

  return { check, select, deliveredByOthers, derive };
}

/** What a manifest records: all that the output depends on beside the file and, where it must not, the release. */
function digestOf(pipeline: Pipeline, context: Derivation['context']): string {
  if (pipeline.isIdentity) return pipeline.digest;
  const { source } = context;
  const pinned =
    pipeline.refresh === 'source-change' ? { ...source, version: '', commit: '' } : source;
  const key = pipeline.memoKey('', { ...context, source: pinned, sourcePath: '', targetPath: '' });
  return hashSha256(new TextEncoder().encode(key));
}

const nothingByOthers: OtherDeliveries = {
  get: () => undefined,
  has: () => false,
  paths: () => [],
};

const noLinks = createLinkMap({ deliveries: [], sourcePaths: [] });

/** Rules of one target repository and branch share its tree. */
function targetKey({ target_repo: repo, target_branch: branch }: TargetRule['rule']): string {
  return `${repo} ${branch ?? ''}`;
}
