import { relative, resolve } from 'node:path';
import { openOptions } from '@holdfast/fleet';
import type { TargetTree } from '@holdfast/fleet';
import { openRepository } from '@holdfast/git';
import { ruleStatePaths } from '@holdfast/manifest';
import { CliError } from '../../cli-error.js';
import type { CommandContext, CommandResult } from '../../command-result.js';
import { renderProvenanceHere } from '../../render/provenance-here.js';
import type { ProvenanceHere } from '../../render/provenance-here.js';
import { nameHere, rulesHere } from './rules-here.js';

/** `holdfast why` in a target: where the bytes at a path come from, as far as its manifests know. */
export async function whyHere(
  { surroundings }: CommandContext,
  tree: TargetTree,
  asked: string,
): Promise<CommandResult> {
  const path = relative(tree.root, resolve(surroundings.cwd, asked)).replaceAll('\\', '/');
  const rules = await rulesHere(tree);
  const items: ProvenanceHere[] = [];
  for (const { namespace, manifest, files } of rules) {
    const { base, manifest: statePath } = ruleStatePaths(namespace, manifest.rule_id);
    const file = files.find(
      (one) => one.path === path || one.override === path || base(one.path) === path,
    );
    if (!file) continue;
    const { oid, sha256, mode, source } = file.record;
    const deliveredBy = await lastCommit(tree, statePath, surroundings);
    items.push({
      target: nameHere(tree),
      path: file.path,
      rule: manifest.rule_id,
      source: {
        name: manifest.source_repo,
        path: source,
        ref: manifest.source_ref,
        commit: manifest.source_commit,
      },
      ...(file.override === undefined ? {} : { override: file.override }),
      ...(deliveredBy ? { deliveredBy } : {}),
      state: file.state,
      ...(file.found ? { oid: file.found.oid } : {}),
      recorded: { oid, sha256, mode },
    });
  }
  if (items.length === 0) {
    throw new CliError('bad-argument', `no sync delivered ${path} here`, {
      hint: 'name a delivered file by its path; holdfast status lists what delivered',
    });
  }
  const settled = new Set(['as-delivered', 'customised', 'decided']);
  return {
    exitCode: items.every(({ state }) => settled.has(state)) ? 0 : 1,
    document: { items },
    text: () => renderProvenanceHere(items),
  };
}

/** The commit that brought what the manifest records; undefined where there is no commit yet. */
async function lastCommit(
  { root }: TargetTree,
  path: string,
  surroundings: CommandContext['surroundings'],
): Promise<ProvenanceHere['deliveredBy']> {
  const repository = await openRepository(root, openOptions(surroundings));
  try {
    const head = await repository.resolveCommit('HEAD');
    if (!head) return undefined;
    const [commit] = await repository.log({ to: head.oid, paths: [path], limit: 1 });
    if (!commit) return undefined;
    const date = new Date(commit.committer.timestamp * 1000).toISOString();
    return { oid: commit.oid, subject: commit.message.split('\n', 1)[0] ?? '', date };
  } finally {
    await repository.close();
  }
}
