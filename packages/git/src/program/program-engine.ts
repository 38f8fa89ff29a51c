import type { EngineOptions } from '../backend.js';
import { damagedRef } from '../damaged-ref.js';
import type { Engine } from '../engine.js';
import type { FoundRepository } from '../files/find-repository.js';
import type { ObjectType } from '../object-id.js';
import type { LogRange } from '../repository.js';
import type { Environment } from './git-environment.js';
import { describeFailure, requireSuccess } from './git-failure.js';
import { listFiles } from './list-files.js';
import { createObjectReader } from './object-reader.js';
import { runGit, type GitResult } from './run-git.js';
import { updateRefsLocally } from './update-refs.js';
import { updateWorkTrees } from './work-trees.js';
import { writeObjects } from './write-objects.js';

/** Where a repository lies and how git is run on it. */
export interface ProgramOptions extends FoundRepository, EngineOptions {
  readonly environment: Environment;
}

/** The engine that has the installed git program do the work. */
export function createProgramEngine(options: ProgramOptions): Engine {
  const reader = createObjectReader(options.directory, options.environment);
  const run = (...args: string[]): Promise<GitResult> => runGit(args, options);

  async function readRef(name: string): Promise<string | undefined> {
    return (await reader.inspect(name))?.oid;
  }

  return {
    kind: 'program',
    readObject: (oid, limit) => reader.read(oid, limit),
    objectType: async (oid): Promise<ObjectType | undefined> => (await reader.inspect(oid))?.type,
    readRef,
    async expandOid(prefix) {
      const result = await run('rev-parse', `--disambiguate=${prefix}`);
      const ids = requireSuccess(result, `looking for ${prefix}`).stdout.toString('latin1');
      return ids.split('\n').filter((line) => line !== '');
    },
    async listRefs(prefix) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      const pattern = folder === '' ? [] : [folder];
      const result = await run('for-each-ref', '--format=%(objectname) %(refname)', ...pattern);
      const lines = requireSuccess(result, 'listing refs').stdout.toString().split('\n');
      const skipped = [...result.stderr.matchAll(/^warning: ignoring broken ref (.+)$/gm)];
      const damaged = skipped.find(([, name]) => name?.startsWith(prefix));
      if (damaged?.[1] !== undefined) throw damagedRef(damaged[1]);
      return lines
        .map((line) => ({ name: line.slice(41), oid: line.slice(0, 40) }))
        .filter(({ name }) => name !== '' && name.startsWith(prefix));
    },
    async readHead() {
      const result = await run('symbolic-ref', '--quiet', 'HEAD');
      return result.exitCode === 0 ? result.stdout.toString().trim() : undefined;
    },
    listFiles: (tree) => listFiles(tree, options),
    writeObjects: (objects) => writeObjects(objects, options),
    updateRefs: (updates, message) =>
      updateRefsLocally(updates, {
        ...options,
        message,
        readRef,
        whileLocked: (moves) => updateWorkTrees(moves, options),
      }),
    log: (range) => listHistory(range, run),
    async mergeBase(a, b) {
      const result = await run('merge-base', a, b);
      if (result.exitCode === 1) return undefined;
      return requireSuccess(result, 'looking for a merge base').stdout.toString('latin1', 0, 40);
    },
    async isAncestor(ancestor, descendant) {
      const result = await run('merge-base', '--is-ancestor', ancestor, descendant);
      if (result.exitCode > 1) throw describeFailure(result, 'comparing histories');
      return result.exitCode === 0;
    },
    close: () => reader.close(),
  };
}

async function listHistory(
  { from, to, paths, limit }: LogRange,
  run: (...args: string[]) => Promise<GitResult>,
): Promise<string[]> {
  if (paths?.length === 0 || limit === 0) return [];
  const result = await run(
    'rev-list',
    '--date-order',
    ...(limit === undefined ? [] : [`--max-count=${limit}`]),
    to,
    ...(from === undefined ? [] : [`^${from}`]),
    ...(paths === undefined ? [] : ['--', ...paths]),
  );
  const output = requireSuccess(result, 'reading the history').stdout.toString('latin1');
  return output.split('\n').filter((line) => line !== '');
}
