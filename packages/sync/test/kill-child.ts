// Runs a sync in a process of its own and kills it at one of its writes: `node kill-child.js ROOT STEP`.
import { syncFleet } from '../src/index.js';
import { createWorld } from './world.js';
import { countWrites } from './watch-repository.js';

const [, , root = '', step = ''] = process.argv;
const world = createWorld(root);
let writes = 0;
const fleet = world.fleet([{ id: 'webapp' }], {
  targets: ['org/webapp'],
  wrapTarget: (repository) =>
    countWrites(repository, () => {
      if (writes++ === Number(step)) process.kill(process.pid, 'SIGKILL');
    }),
});
const result = await syncFleet(fleet);
const failed =
  result.kind === 'refused' ||
  result.items.some(({ plan, error }) => error ?? plan.kind === 'failed');
process.stdout.write(JSON.stringify({ writes }));
process.exit(failed ? 1 : 0);
