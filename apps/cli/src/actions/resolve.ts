import { readFile, stat } from 'node:fs/promises';
import { relative, resolve as resolvePath } from 'node:path';
import { actorOf, findTargetTree, folderOf, writeChanges } from '@holdfast/fleet';
import type { OpenFleet, TargetTree } from '@holdfast/fleet';
import { resolveConflict, resolveInTarget } from '@holdfast/sync';
import type { Decision } from '@holdfast/sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { withFleet } from '../open-fleet.js';
import { renderResolved } from '../render/resolved.js';
import type { Resolved } from '../render/resolved.js';

export interface ResolveInput {
  readonly path: string;
  readonly decision: string;
  readonly ours?: true;
  readonly theirs?: true;
  readonly file?: string;
  readonly by?: string;
  readonly target?: string;
}

/**
 * `holdfast resolve`: finishes a conflict. In a work tree of a target it writes the files and leaves
 * the commit to the user; with a configuration it commits to the request's branch of the target.
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
  return { exitCode: 0, document: { resolved }, text: () => renderResolved(resolved) };
}

async function resolveHere(
  context: CommandContext,
  input: ResolveInput,
  { root, namespace }: TargetTree,
): Promise<Resolved> {
  const { cwd } = context.surroundings;
  const path = relative(root, resolvePath(cwd, input.path)).replaceAll('\\', '/');
  const decision = await readDecision(context, input);
  const { changes, rule, version } = await resolveConflict(folderOf(root), path, {
    namespace,
    ...decision,
  });
  await writeChanges(root, changes);
  return { kind: 'written', path, rule, version, files: changes.map((change) => change.path) };
}

async function resolveThere(
  context: CommandContext,
  fleet: OpenFleet,
  input: ResolveInput,
): Promise<Resolved> {
  const decision = await readDecision(context, input);
  const timestamp = Math.floor(context.surroundings.clock().getTime() / 1000);
  const signature = { ...actorOf(context.surroundings), timestamp };
  const targets = input.target === undefined ? namesOf(fleet) : [input.target];
  const failures: unknown[] = [];
  for (const target of targets) {
    try {
      const resolved = await resolveInTarget(fleet, target, input.path, { ...decision, signature });
      return { kind: 'committed', ...resolved };
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'unknown-path') throw error;
      failures.push(error);
    }
  }
  if (failures.length === 1) throw failures[0];
  throw new CliError('bad-argument', `${input.path} is in no conflict in any target`, {
    hint: 'holdfast plan shows the conflicts; give the path as it is in the target, and name it with --target',
  });
}

function namesOf({ rules }: OpenFleet): string[] {
  return [...new Set(rules.map(({ rule }) => rule.target_repo))];
}

async function readDecision(
  context: CommandContext,
  { decision, ours, theirs, file, by }: ResolveInput,
): Promise<Decision> {
  if (decision.trim() === '') {
    throw new CliError('bad-argument', '--decision must say what was decided and why, got nothing');
  }
  const { cwd, clock } = context.surroundings;
  const take = ours ? 'ours' : theirs ? 'theirs' : file ? await readContent(cwd, file) : 'as-is';
  return { take, decision, resolvedBy: by ?? actorOf(context.surroundings).name, date: clock() };
}

/** As much as a target's file may have. */
const MAX_DECIDED = 64 * 1024 * 1024;

async function readContent(cwd: string, file: string): Promise<Uint8Array> {
  const path = resolvePath(cwd, file);
  const found = await stat(path).catch(() => undefined);
  if (found && (!found.isFile() || found.size > MAX_DECIDED)) {
    const what = found.isFile() ? `has ${found.size} bytes` : 'is no regular file';
    throw new CliError('bad-argument', `--file ${file} ${what}`, {
      hint: `name a regular file of at most ${MAX_DECIDED} bytes that holds the decided content`,
    });
  }
  try {
    return await readFile(path);
  } catch (cause) {
    throw new CliError('file-missing', `--file ${file} cannot be read`, {
      hint: 'name the file that holds the decided content',
      cause,
    });
  }
}
