import { listNewObjects, type NewObjects } from '../engine.js';
import { PACK_LIMIT, packObjects } from '../pack.js';
import { requireSuccess } from './git-failure.js';
import { runGit, type GitRunOptions } from './run-git.js';

/**
 * Writes the objects with one git process, which checks and names them itself: a pack with
 * `index-pack`, or loose files with `unpack-objects` if they are few. No ref moves, no filter runs,
 * and a kill at any point leaves at most objects that nothing names.
 */
export async function writeObjects(added: NewObjects, options: GitRunOptions): Promise<void> {
  const objects = listNewObjects(added);
  const args = objects.length < PACK_LIMIT ? ['unpack-objects', '-q'] : ['index-pack', '--stdin'];
  const result = await runGit(args, { ...options, input: packObjects(objects) });
  requireSuccess(result, 'writing objects');
}
