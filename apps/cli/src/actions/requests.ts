import { openHere } from '@holdfast/fleet';
import type { OpenedTarget, OpenFleet } from '@holdfast/fleet';
import type { ListedRequest, MergeMethod, TreeDifference } from '@holdfast/forge';
import { listConflicts } from '@holdfast/sync';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { createLogger } from '../create-logger.js';
import { describeError } from '../describe-error.js';
import { diffFiles } from '../diff-files.js';
import type { ChangedFile } from '../diff-files.js';
import { exitCodeOf, worst } from '../exit-code.js';
import { withFleet } from '../open-fleet.js';
import type { ExitCode } from '../exit-code.js';
import { renderMergedAll } from '../render/merged-all.js';
import type { MergedOrLeft } from '../render/merged-all.js';
import { renderOutcomeOfRequest, renderRequest, renderRequests } from '../render/requests.js';
import type { ListedWithConflicts, TargetRequests } from '../render/requests.js';
import { findHere } from './here/find-here.js';

export interface ListInput {
  readonly targets: readonly string[];
  readonly state: 'open' | 'merged' | 'closed' | 'all';
}

/** The change request that is meant; without a number the only open one. */
export interface RequestInput {
  /** Absent: the target around. */
  readonly target?: string;
  readonly number?: number;
}

export interface MergeInput extends RequestInput {
  readonly method?: 'merge' | 'squash';
  readonly all?: true;
  readonly onlyGreen?: true;
  readonly withConflicts?: true;
}

/** `holdfast requests list`: lists the change requests of some or all targets. */
export async function listRequests(
  context: CommandContext,
  { targets, state }: ListInput,
): Promise<CommandResult> {
  return withRequests(context, async (fleet) => {
    const names = targets.length > 0 ? targets : everyPlace(fleet);
    const lists: TargetRequests[] = [];
    for (const target of names) lists.push(await listTarget(fleet, target, state));
    return {
      exitCode: worst(lists.map(({ error }) => (error ? exitCodeOf(error) : 0))),
      document: { targets: lists },
      text: () => renderRequests(lists, state),
    };
  });
}

/** Targets, and the sources of catalogues that push opens requests on. */
function everyPlace({ configuration: { targets, catalogues } }: OpenFleet): string[] {
  return [...Object.keys(targets), ...Object.keys(catalogues)];
}

/** One bad target does not hide the requests of the others. */
async function listTarget(
  fleet: OpenFleet,
  target: string,
  state: ListInput['state'],
): Promise<TargetRequests> {
  try {
    const requests = await withOpened(fleet, target, async ({ forge, repository }) => {
      const found = await forge.list(state === 'all' ? {} : { state });
      const listed: ListedWithConflicts[] = [];
      for (const request of found) {
        const conflicts =
          request.state === 'open'
            ? await listConflicts(repository, request.head, fleet.configuration)
            : [];
        listed.push(conflicts.length > 0 ? { ...request, conflicts } : request);
      }
      return listed;
    });
    return { target, requests };
  } catch (error) {
    return { target, requests: [], error: describeError(error) };
  }
}

/** A request as documents show it: its text stays out. */
function withoutBody(request: ListedRequest & { readonly body?: string }): ListedRequest {
  const { body: _body, ...listed } = request;
  return listed;
}

/** `holdfast requests show`: shows the text, the files and the comments of a change request. */
export async function showRequest(
  context: CommandContext,
  input: RequestInput & { readonly stat?: true },
): Promise<CommandResult> {
  return withRequest(context, input, async ({ forge, repository }, { id, number }, place) => {
    const { fleet, target } = place;
    const request = await forge.get(id);
    if (!request) throw unknownRequest(target, number);
    const files = await forge.diff(id);
    const state = `.${fleet.configuration.namespace}-sync-state/`;
    const diffed = input.stat ? [] : files.filter(({ path }) => !path.startsWith(state));
    const diffs = await diffFiles(diffed.flatMap(sides), repository);
    return {
      exitCode: 0,
      document: { target, request, files },
      text: () => renderRequest(target, request, files, diffs),
    };
  });
}

/** What lies at a path before and after; a submodule has no content to show. */
function sides({ path, old, new: now }: TreeDifference): ChangedFile[] {
  if (old?.mode === '160000' || now?.mode === '160000') return [];
  return [{ path, ...(old ? { before: old.oid } : {}), ...(now ? { after: now.oid } : {}) }];
}

/** `holdfast requests merge`: merges a change request, or with `--all` every open one that can be. */
export async function mergeRequest(
  context: CommandContext,
  input: MergeInput,
): Promise<CommandResult> {
  const { all, onlyGreen, number } = input;
  if (all) {
    if (number === undefined) return mergeAll(context, input);
    throw new CliError('bad-argument', '--all merges every open request; it takes no number', {
      hint: 'leave the number out, or leave --all out',
    });
  }
  if (onlyGreen) {
    throw new CliError('bad-argument', '--only-green chooses among all requests', {
      hint: 'add --all',
    });
  }
  return withRequest(context, input, async (open, request, { fleet, target }) => {
    const { number } = request;
    const undecided = input.withConflicts
      ? []
      : await listConflicts(open.repository, request.head, fleet.configuration);
    if (undecided.length > 0) {
      return {
        exitCode: 1,
        document: { target, outcome: 'conflicted', number, paths: undecided },
        text: () => renderOutcomeOfRequest(target, number, { kind: 'undecided', paths: undecided }),
      };
    }
    const { method } = input;
    const outcome = await merge(open, request, {
      fleet,
      target,
      ...(method === undefined ? {} : { method }),
    });
    switch (outcome.kind) {
      case 'merged': {
        const { commit, conflicts } = outcome;
        return done(target, outcome.request, 'merged', {
          ...(commit === undefined ? {} : { commit }),
          ...(conflicts.length > 0 ? { conflicts } : {}),
        });
      }
      case 'conflicted':
        return {
          exitCode: 1,
          document: { target, outcome: 'conflicted', number, paths: outcome.paths },
          text: () => renderOutcomeOfRequest(target, number, outcome),
        };
      case 'refused':
        throw refused(target, number, outcome.reason);
    }
  });
}

/** What came of merging one request. */
type Merged =
  | {
      readonly kind: 'merged';
      readonly request: ListedRequest;
      readonly commit?: string;
      /** Delivered files of the base in which conflict markers are left. */
      readonly conflicts: readonly string[];
    }
  | { readonly kind: 'conflicted'; readonly paths: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

async function merge(
  { repository, forge }: OpenedTarget,
  { id, headCommit: expectedHead }: ListedRequest,
  {
    fleet,
    target,
    method: asked,
  }: {
    readonly fleet: OpenFleet;
    readonly target: string;
    readonly method?: MergeMethod;
  },
): Promise<Merged> {
  const method = asked ?? fleet.configuration.targets[target]?.method ?? 'merge';
  const outcome = await forge.merge(id, { method, expectedHead });
  switch (outcome.kind) {
    case 'merged': {
      const { request, commit } = outcome;
      const conflicts = await listConflicts(repository, request.base, fleet.configuration);
      return { kind: 'merged', request, conflicts, ...(commit === undefined ? {} : { commit }) };
    }
    case 'conflicted':
      return outcome;
    case 'blocked':
      return { kind: 'refused', reason: `cannot be merged: ${outcome.reason}` };
    case 'not-open':
      return { kind: 'refused', reason: `is ${outcome.state}` };
    case 'head-gone':
      return { kind: 'refused', reason: `has lost its branch ${outcome.branch}` };
    case 'head-moved':
      return { kind: 'refused', reason: 'has just received another commit' };
  }
}

/** Merges the open requests of Holdfast's own branches; one that cannot be is told, and the rest go on. */
async function mergeAll(context: CommandContext, input: MergeInput): Promise<CommandResult> {
  return withRequests(context, async (fleet) => {
    const { targets } = fleet.configuration;
    const names = input.target === undefined ? Object.keys(targets) : [input.target];
    const results: MergedOrLeft[] = [];
    for (const target of names) {
      try {
        await withOpened(fleet, target, async (open) => {
          const prefix = `${fleet.configuration.namespace}-sync/`;
          for (const request of (await open.forge.listOpen(prefix)).toReversed()) {
            results.push(await mergeOrLeave(open, request, { ...input, fleet, target }));
          }
        });
      } catch (error) {
        results.push({ target, outcome: 'failed', error: describeError(error) });
      }
    }
    return {
      exitCode: worst(results.map(exitCodeOfMerged)),
      document: { results },
      text: () => renderMergedAll(results),
    };
  });
}

async function mergeOrLeave(
  open: OpenedTarget,
  request: ListedRequest,
  options: MergeInput & { readonly fleet: OpenFleet; readonly target: string },
): Promise<MergedOrLeft> {
  const { fleet, target, onlyGreen } = options;
  const { number, title } = request;
  const about = { target, number, title };
  const undecided = await listConflicts(open.repository, request.head, fleet.configuration);
  if (undecided.length > 0) {
    return { ...about, outcome: 'left', reason: 'conflicts are to decide', paths: undecided };
  }
  if (onlyGreen) {
    const { merge: state, verdict, reasons } = await open.forge.readiness(request.id);
    const green = state === 'ready' && (verdict === 'passed' || verdict === 'none');
    if (!green) {
      const reason = state === 'ready' ? `its checks are ${verdict}` : `it is ${state}`;
      return { ...about, outcome: 'left', reason: [reason, ...reasons].join('; '), paths: [] };
    }
  }
  const merged = await merge(open, request, options);
  switch (merged.kind) {
    case 'merged': {
      const { commit } = merged;
      return { ...about, outcome: 'merged', ...(commit === undefined ? {} : { commit }) };
    }
    case 'conflicted':
      return { ...about, outcome: 'left', reason: 'both branches changed', paths: merged.paths };
    case 'refused':
      return { ...about, outcome: 'left', reason: merged.reason, paths: [] };
  }
}

function exitCodeOfMerged(result: MergedOrLeft): ExitCode {
  if (result.outcome === 'failed') return exitCodeOf(result.error);
  return result.outcome === 'left' ? 1 : 0;
}

/** `holdfast requests close`: closes a change request; later runs respect it. */
export async function closeRequest(
  context: CommandContext,
  input: RequestInput & { readonly comment?: string },
): Promise<CommandResult> {
  const { comment } = input;
  return withRequest(context, input, async ({ forge }, { id, number }, { target }) => {
    const outcome = await forge.close(id, comment === undefined ? {} : { comment });
    if (outcome.kind === 'not-open') throw refused(target, number, `is ${outcome.state} already`);
    return done(target, outcome.request, 'closed');
  });
}

/** `holdfast requests comment`: comments on a change request. */
export async function commentOnRequest(
  context: CommandContext,
  input: RequestInput & { readonly body: string; readonly key?: string },
): Promise<CommandResult> {
  const { body, key } = input;
  return withRequest(context, input, async ({ forge }, { id, number }, { target }) => {
    const { kind, comment } = await forge.comment(id, {
      body,
      ...(key === undefined ? {} : { key }),
    });
    const words = { posted: 'commented on', edited: 'edited on', existing: 'said already on' };
    return {
      exitCode: 0,
      document: { target, number, outcome: kind, comment },
      text: () => `${target} #${number}: ${words[kind]}\n`,
    };
  });
}

/** `holdfast requests reopen`: opens a closed change request again. */
export async function reopenRequest(
  context: CommandContext,
  input: RequestInput,
): Promise<CommandResult> {
  return withRequest(context, input, async ({ forge }, { id, number, state }, { target }) => {
    // Without a number the only open one is found, and there is nothing to open again.
    if (state === 'open') throw refused(target, number, 'is open already');
    const outcome = await forge.reopen(id);
    switch (outcome.kind) {
      case 'reopened':
        return done(target, outcome.request, 'reopened');
      case 'already-open':
        throw refused(target, number, 'is open already');
      case 'merged':
        throw refused(target, number, 'is merged');
      case 'head-gone':
        throw refused(target, number, `has lost its branch ${outcome.branch}`);
      case 'duplicate':
        throw refused(target, number, `would be a second one beside #${outcome.request.number}`);
    }
  });
}

function done(
  target: string,
  request: ListedRequest,
  outcome: 'merged' | 'closed' | 'reopened',
  more: { readonly commit?: string; readonly conflicts?: readonly string[] } = {},
): CommandResult {
  return {
    exitCode: more.conflicts ? 1 : 0,
    document: { target, outcome, ...more, request: withoutBody(request) },
    text: () => renderOutcomeOfRequest(target, request.number, { kind: outcome, ...more, request }),
  };
}

/** The fleet that a request is one of, and the name of its target. */
interface RequestPlace {
  readonly fleet: OpenFleet;
  readonly target: string;
}

async function withRequest(
  context: CommandContext,
  input: RequestInput,
  use: (open: OpenedTarget, request: ListedRequest, place: RequestPlace) => Promise<CommandResult>,
): Promise<CommandResult> {
  return withRequests(context, (fleet, here) => {
    const { target, number } = nameTarget(input, here);
    return withOpened(fleet, target, async (open) =>
      use(open, await findRequest(open, target, number), { fleet, target }),
    );
  });
}

/** Opens the configured fleet; in a clone of a target, where none is configured, that target alone. */
async function withRequests<Result>(
  context: CommandContext,
  use: (fleet: OpenFleet, here?: string) => Promise<Result>,
): Promise<Result> {
  const tree = await findHere(context);
  if (!tree) return withFleet(context, use, { rulesRequired: false });
  const options = { ...context.surroundings, logger: createLogger(context) };
  const { fleet, target } = await openHere(tree, options);
  await using _open = fleet;
  return await use(fleet, target);
}

/** In a clone of a target its name may be left out, so that the number comes first. */
function nameTarget(
  { target, number }: RequestInput,
  here: string | undefined,
): Pick<RequestPlace, 'target'> & { readonly number?: number } {
  const digits = /^#?(\d{1,9})$/.exec(target ?? '')?.[1];
  if (here !== undefined && digits !== undefined && number === undefined) {
    return { target: here, number: Number(digits) };
  }
  const name = target === '.' ? here : (target ?? here);
  if (name !== undefined) return { target: name, ...(number === undefined ? {} : { number }) };
  throw new CliError('bad-argument', 'the request of which target?', {
    hint: 'name the target: holdfast targets list',
  });
}

/** The request of a number, or else the only open one. */
async function findRequest(
  { forge }: OpenedTarget,
  target: string,
  number: number | undefined,
): Promise<ListedRequest> {
  if (number !== undefined) {
    const found = await forge.get(String(number));
    if (!found) throw unknownRequest(target, number);
    return found;
  }
  const open = await forge.listOpen();
  const [only, ...others] = open;
  if (!only) throw unknownRequest(target, number);
  if (others.length === 0) return only;
  throw new CliError(
    'bad-argument',
    `${target} has ${open.length} open change requests; name one`,
    {
      hint: `they are: ${open.map(({ number, title }) => `#${number} ${title}`).join('; ')}`,
    },
  );
}

function unknownRequest(target: string, number: number | undefined): CliError {
  const words = number === undefined ? 'no open change request' : `no change request #${number}`;
  return new CliError('no-request', `${target} has ${words}`, {
    hint: `list them with: holdfast requests list ${target} --state all`,
  });
}

function refused(target: string, number: number, why: string): CliError {
  return new CliError('request-refused', `#${number} of ${target} ${why}`, {
    hint: `look at it with: holdfast requests show ${target} ${number}`,
  });
}

async function withOpened<Result>(
  fleet: OpenFleet,
  target: string,
  use: (open: OpenedTarget) => Promise<Result>,
): Promise<Result> {
  const open = await fleet.openTarget(target);
  try {
    return await use(open);
  } finally {
    await open.repository.close();
  }
}
