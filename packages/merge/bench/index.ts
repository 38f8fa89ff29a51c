/**
 * `node bench/index.ts` times `merge3` against other programs. `node bench/index.ts --histories DIRECTORY`
 * instead merges anew what people merged in the histories of the repositories there (bare or not, of any
 * size), by line and by key, and compares with what they committed; with `--quick`, a tenth of each history.
 */
import { parseArgs } from 'node:util';
import { replayHistories } from './replay.ts';
import { timeMerges } from './time-merges.ts';

const { values } = parseArgs({
  options: { histories: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
if (values.histories === undefined) timeMerges();
else replayHistories(values.histories, { quick: values.quick });
