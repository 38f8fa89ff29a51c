import { relative, resolve as resolvePath } from 'node:path';
import { checkContent, findTargetTree, folderOf, readActor, writeChanges } from '@holdfast/fleet';
import type { OpenFleet, TargetTree } from '@holdfast/fleet';
import { commitResolution, planResolution, resolveConflict } from '@holdfast/sync';
import type { Decision, Finding, PlannedResolution, ResolvedConflict } from '@holdfast/sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { confirm } from '../confirm.js';
import { withFleet } from '../open-fleet.js';
import { readInputFile } from '../read-input-file.js';
import { describePlace, renderResolved } from '../render/resolved.js';
import type { Resolved } from '../render/resolved.js';
import { quote } from '../selection.js';

export interface ResolveInput {
  readonly path: string;
  readonly decision: string;
  readonly ours?: true;
  readonly theirs?: true;
  readonly file?: string;
  readonly by?: string;
  readonly target?: string;
  readonly yes?: true;
  readonly withFindings?: true;
}

/**
 * `holdfast resolve`: finishes a conflict. In a work tree of a target it writes the files and leaves
 * the commit to the user; with a configuration it commits to the request's branch of the target, and to
 * a branch that nobody looks at first only after asking. What is decided is checked before it is written.
 */
export async function resolve(
  context: CommandContext,
  input: ResolveInput,
): Promise<CommandResult> {
  const tree =
    input.target === undefined ? await findTargetTree(context.surroundings.cwd) : undefined;
  const resolved = tree
    ? await resolveHere(context, input, tree)
    : await withFleet(context, (fleet) => resolveThere(context, fleet, input));
  return {
    exitCode: resolved.kind === 'refused' ? 1 : 0,
    document: { resolved },
    text: () => renderResolved(resolved),
  };
}

async function resolveHere(
  context: CommandContext,
  input: ResolveInput,
  tree: TargetTree,
): Promise<Resolved> {
  const { cwd } = context.surroundings;
  const path = relative(tree.root, resolvePath(cwd, input.path)).replaceAll('\\', '/');
  const decision = await readDecision(context, input);
  const found = await decideHere(tree, path, decision);
  const findings = await check(context, input, found);
  if (findings.length > 0) return { kind: 'refused', ...aboutOf(found), findings };
  await writeChanges(tree.root, found.changes);
  return {
    kind: 'written',
    ...aboutOf(found),
    files: found.changes.map((change) => change.path),
  };
}

/** The decision in the first namespace whose manifests know of the conflict. */
async function decideHere(
  { root, namespaces }: TargetTree,
  path: string,
  decision: Decision,
): Promise<ResolvedConflict> {
  let failure: unknown;
  for (const namespace of namespaces) {
    try {
      return await resolveConflict(folderOf(root), path, { namespace, ...decision });
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'unknown-path') throw error;
      failure ??= error;
    }
  }
  throw failure;
}

async function resolveThere(
  context: CommandContext,
  fleet: OpenFleet,
  input: ResolveInput,
): Promise<Resolved> {
  const decision = await readDecision(context, input);
  const planned = await planOne(fleet, input, decision);
  const findings = await check(context, input, planned);
  const { target, branch, request } = planned;
  if (findings.length > 0) {
    const place = { target, branch, ...(request ? { request } : {}) };
    return { kind: 'refused', ...aboutOf(planned), ...place, findings };
  }
  if (!request && !input.yes) {
    await confirm(
      context,
      `No change request bears this conflict: commit the decision to ${branch} of ${target} itself?`,
      { declined: 'nothing was written' },
    );
  }
  const timestamp = Math.floor(context.surroundings.clock().getTime() / 1000);
  const signature = { ...(await readActor(context.surroundings)), timestamp };
  if (context.surroundings.stderr.isTTY) {
    context.surroundings.stderr.write(`resolving on ${describePlace(planned)}\n`);
  }
  const committed = await commitResolution(fleet, planned, { ...decision, signature });
  return { kind: 'committed', ...committed };
}

/** The decision in the one target that is meant: the named one, or the only one with this conflict. */
async function planOne(
  fleet: OpenFleet,
  { path, target: named }: ResolveInput,
  decision: Decision,
): Promise<PlannedResolution> {
  const targets = named === undefined ? namesOf(fleet) : [named];
  const found: PlannedResolution[] = [];
  const failures: unknown[] = [];
  for (const target of targets) {
    try {
      found.push(await planResolution(fleet, target, path, decision));
    } catch (error) {
      if (named !== undefined || !isHarmless(error)) throw error;
      failures.push(error);
    }
  }
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  if (only) {
    throw new CliError(
      'bad-argument',
      `${path} is in conflict in ${found.length} targets: ${found.map(describePlace).join('; ')}`,
      {
        hint: `decide each with its name: holdfast resolve ${quote(path)} --target ${quote(only.target)} --decision TEXT`,
      },
    );
  }
  if (failures.length === 1) throw failures[0];
  throw new CliError('bad-argument', `${path} is in no conflict in any target`, {
    hint: 'holdfast plan shows the conflicts; give the path as it is in the target, and name it with --target',
  });
}

/** That a target does not have the conflict, or not this kind of decision, says nothing of the others. */
function isHarmless(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'unknown-path';
}

function namesOf({ rules }: OpenFleet): string[] {
  return [...new Set(rules.map(({ rule }) => rule.target_repo))];
}

function aboutOf({ path, rule, version, taken }: ResolvedConflict) {
  return { path, rule, version, taken };
}

async function check(
  { surroundings: { clock } }: CommandContext,
  { withFindings }: ResolveInput,
  { path, content, mode }: ResolvedConflict,
): Promise<Finding[]> {
  if (withFindings) return [];
  return checkContent({ path, content, mode }, { runAt: clock() });
}

async function readDecision(
  context: CommandContext,
  { decision, ours, theirs, file, by }: ResolveInput,
): Promise<Decision> {
  if (decision.trim() === '') {
    throw new CliError('bad-argument', '--decision must say what was decided and why, got nothing');
  }
  const { cwd, clock } = context.surroundings;
  const take = ours ? 'ours' : theirs ? 'theirs' : file ? await readDecided(cwd, file) : 'as-is';
  const resolvedBy = by ?? (await readActor(context.surroundings)).name;
  return { take, decision, resolvedBy, date: clock() };
}

function readDecided(cwd: string, file: string): Promise<Uint8Array> {
  const hint = 'name the file that holds the decided content';
  return readInputFile(cwd, file, { named: '--file', hint });
}
