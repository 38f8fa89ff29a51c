import { fitRequest } from '@holdfast/forge';
import { ruleStatePaths } from '@holdfast/manifest';
import type { Change } from '../apply/change.js';
import type { ChangedItem, PlannedCommit } from '../plan.js';
import type { ForgeLimits } from '../ports.js';
import { groupMessage } from './request-text.js';

/**
 * The changes of a target's items: one for each branch, so that the rules of a group come in one commit
 * and one request, whose text has a part for each of them.
 */
export function combineItems(
  items: readonly ChangedItem[],
  { namespace, limits }: { readonly namespace: string; readonly limits: ForgeLimits },
): { readonly change: Change; readonly items: readonly ChangedItem[] }[] {
  return [...Map.groupBy(items, ({ request }) => request.branch).values()].map((own) => ({
    items: own,
    change: combine(own as [ChangedItem, ...ChangedItem[]], { namespace, limits }),
  }));
}

function combine(
  items: readonly [ChangedItem, ...ChangedItem[]],
  { namespace, limits }: { readonly namespace: string; readonly limits: ForgeLimits },
): Change {
  const [first] = items;
  const requests = items.map(({ request }) => request);
  const { branch, base } = first.request;
  return {
    name: branch.slice(branch.lastIndexOf('/') + 1),
    rules: items.map(({ rule }) => rule),
    target: first.target,
    source: first.source,
    outcomes: items.flatMap(({ outcomes }) => outcomes),
    manifests: new Map(
      items.map(({ rule, manifest }) => [ruleStatePaths(namespace, rule).manifest, manifest]),
    ),
    commit: items.length === 1 ? first.commit : combineCommits(items),
    request: {
      branch,
      base,
      ...fitRequest(
        {
          title: first.request.title,
          body: requests.map(({ body }) => body).join('\n'),
          labels: [...new Set(requests.flatMap(({ labels }) => labels))],
          reviewers: [...new Set(requests.flatMap(({ reviewers }) => reviewers))],
        },
        limits,
      ),
      autoMerge: requests.every(({ autoMerge }) => autoMerge),
    },
  };
}

function combineCommits(items: readonly [ChangedItem, ...ChangedItem[]]): PlannedCommit {
  const [{ commit }] = items;
  const latest = Math.max(...items.map((item) => item.commit.signature.timestamp));
  return {
    parent: commit.parent,
    message: groupMessage(
      items.map(({ rule, outcomes, commit: { message } }) => ({ rule, outcomes, message })),
    ),
    signature: { ...commit.signature, timestamp: latest },
    changes: items.flatMap((item) => item.commit.changes),
  };
}
