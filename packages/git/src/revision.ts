import type { Engine, GitObject } from './engine.js';
import { parseCommit, parseTagTarget } from './commit-object.js';
import { GitError } from './git-error.js';
import { isObjectId } from './object-id.js';
import { isRefName } from './ref-name.js';
import type { Commit } from './repository.js';

/** Tags of tags deeper than this are taken for a loop of damaged data. */
const MAX_TAG_DEPTH = 32;

/**
 * The commit that a revision names; undefined when it names none. What git alone reads (`main@{1}`,
 * `:/words`, the output of `git describe`) is left to it, where it is there; a full ref name never is.
 */
export async function resolveCommit(engine: Engine, revision: string): Promise<Commit | undefined> {
  const found = await resolveSteps(engine, revision);
  if (found !== undefined || !isForGit(revision)) return found;
  const oid = await engine.resolveByGit?.(revision);
  return oid === undefined ? undefined : peelToCommit(engine, oid);
}

/** Notations that cannot be taken for a name: reflogs, searches, and `TAG-COUNT-gID` of describe. */
function isForGit(revision: string): boolean {
  if (revision.startsWith('-') || /[\0\n]/.test(revision)) return false;
  return (
    /^[^:]*@\{[^}]+\}(?:[~^]\d*)*$/.test(revision) ||
    /\^\{\/.+\}$/.test(revision) ||
    /^:\/./.test(revision) ||
    /^(?!refs\/).+-\d+-g[0-9a-f]{4,40}(?:[~^]\d*)*$/.test(revision)
  );
}

async function resolveSteps(engine: Engine, revision: string): Promise<Commit | undefined> {
  const { name, steps } = splitRevision(revision);
  const oid = await resolveName(engine, name);
  let commit = oid === undefined ? undefined : await peelToCommit(engine, oid);
  for (const parent of steps) {
    const next: string | undefined = parent === 0 ? commit?.oid : commit?.parents[parent - 1];
    commit = next === undefined ? undefined : await peelToCommit(engine, next);
  }
  return commit;
}

/** As `resolveCommit`, but failing where there is no commit. */
export async function requireCommit(engine: Engine, revision: string): Promise<Commit> {
  const commit = await resolveCommit(engine, revision);
  if (commit !== undefined) return commit;
  if (!isObjectId(revision) && (await engine.listRefs('refs/')).length === 0) {
    throw new GitError(
      'empty-repository',
      `the repository has no commits; looked for ${revision}`,
      {
        data: { revision },
        hint: 'commit something first',
      },
    );
  }
  throw new GitError('unknown-revision', `no commit is named ${JSON.stringify(revision)}`, {
    data: { revision },
    hint: 'give a branch, a tag or a commit id that the repository has',
  });
}

/** Follows annotated tags to the object at their end; undefined when one of them is missing. */
export async function peelTags(engine: Engine, oid: string): Promise<string | undefined> {
  let current = oid;
  for (let depth = 0; depth < MAX_TAG_DEPTH; depth++) {
    const type = (await engine.objectInfo(current))?.type;
    if (type !== 'tag') return type === undefined ? undefined : current;
    const tag = await engine.readObject(current);
    if (tag === undefined) return undefined;
    current = parseTagTarget(current, tag.content);
  }
  throw new GitError('corrupt', `tag ${oid} leads through more than ${MAX_TAG_DEPTH} tags`);
}

/** The tree of a commit, tag or tree id, or of a revision. */
export async function resolveTree(engine: Engine, revision: string): Promise<string> {
  if (isObjectId(revision)) {
    const peeled = await peelTags(engine, revision);
    if (peeled !== undefined && (await engine.objectInfo(peeled))?.type === 'tree') return peeled;
  }
  return (await requireCommit(engine, revision)).tree;
}

async function peelToCommit(engine: Engine, oid: string): Promise<Commit | undefined> {
  let object: GitObject | undefined = await engine.readObject(oid);
  for (let depth = 0; object?.type === 'tag' && depth < MAX_TAG_DEPTH; depth++) {
    object = await engine.readObject(parseTagTarget(object.oid, object.content));
  }
  return object?.type === 'commit' ? parseCommit(object.oid, object.content) : undefined;
}

/**
 * Takes `~N`, `^N`, `^{}` and `^{commit}` off the end: each step is the number of the parent to go to
 * (0: stay).
 */
function splitRevision(revision: string): { name: string; steps: number[] } {
  const name = /^[^~^]*/.exec(revision)?.[0] ?? '';
  const suffixes = revision.slice(name.length);
  if (!/^(?:[~^]\d{0,4}|\^\{(?:commit)?\})*$/.test(suffixes)) return { name: '', steps: [] };
  const steps = [...suffixes.matchAll(/([~^])(\{\w*\}|\d*)/g)].flatMap(([, kind, value = '']) => {
    if (value.startsWith('{')) return [0];
    const count = value === '' ? 1 : Number(value);
    return kind === '^' ? [count] : Array<number>(count).fill(1);
  });
  return { name, steps };
}

/** In git's own order: the name itself, then below `refs/`, as a tag, as a branch, as an id. */
async function resolveName(engine: Engine, name: string): Promise<string | undefined> {
  if (isObjectId(name.toLowerCase())) return name.toLowerCase();
  if (name === '@' || name === 'HEAD') return engine.readRef('HEAD');
  if (!isRefName(name)) return undefined;
  const candidates = name.startsWith('refs/')
    ? [name]
    : [`refs/${name}`, `refs/tags/${name}`, `refs/heads/${name}`, `refs/remotes/${name}`];
  for (const candidate of candidates) {
    const oid = await engine.readRef(candidate);
    if (oid !== undefined) return oid;
  }
  return /^[0-9a-fA-F]{4,39}$/.test(name) ? expandId(engine, name.toLowerCase()) : undefined;
}

async function expandId(engine: Engine, prefix: string): Promise<string | undefined> {
  const ids = await engine.expandOid(prefix);
  if (ids.length > 1) {
    throw new GitError('unknown-revision', `several objects have an id that begins ${prefix}`, {
      data: { revision: prefix, candidates: ids },
      hint: 'give more digits',
    });
  }
  return ids[0];
}
