import { damagedRef } from '../damaged-ref.js';
import type { Engine } from '../engine.js';
import { beyondLimit } from '../limits.js';
import { requireSuccess } from './git-failure.js';
import type { ObjectReader } from './object-reader.js';
import type { GitResult } from './run-git.js';

/** Reads refs by git, in whatever way they are kept. */
export function createProgramRefs(
  reader: ObjectReader,
  run: (...args: string[]) => Promise<GitResult>,
  maxRefs: number,
): Pick<Engine, 'readRef' | 'listRefs' | 'readHead'> {
  async function listRefs(prefix: string): Promise<{ name: string; oid: string }[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const pattern = folder === '' ? [] : [folder];
    const result = await run('for-each-ref', '--format=%(objectname) %(refname)', ...pattern);
    const lines = requireSuccess(result, 'listing refs').stdout.toString().split('\n');
    const skipped = [...result.stderr.matchAll(/^warning: ignoring broken ref (.+)$/gm)];
    const damaged = skipped.find(([, name]) => name?.startsWith(prefix));
    if (damaged?.[1] !== undefined) throw damagedRef(damaged[1]);
    if (lines.length > maxRefs) {
      throw beyondLimit('refs', `the repository has ${lines.length} refs`, maxRefs);
    }
    return lines
      .map((line) => ({ name: line.slice(41), oid: line.slice(0, 40) }))
      .filter(({ name }) => name !== '' && name.startsWith(prefix));
  }

  return {
    listRefs,
    /** By listing: a name that is looked up may be read as something else (`x-gab59`). */
    async readRef(name) {
      if (name === 'HEAD') return (await reader.inspect('HEAD'))?.oid;
      const result = await run('for-each-ref', '--format=%(objectname) %(refname)', name);
      const lines = requireSuccess(result, 'reading a ref').stdout.toString().split('\n');
      return lines.find((line) => line.slice(41) === name)?.slice(0, 40);
    },
    async readHead() {
      const result = await run('symbolic-ref', '--quiet', 'HEAD');
      return result.exitCode === 0 ? result.stdout.toString().trim() : undefined;
    },
  };
}
