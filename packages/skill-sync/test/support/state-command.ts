// `state list|get|set|delete`, as the shim calls Holdfast's command line, on the real store.
import { openStore, splitPatterns, SkillSyncError } from '../../src/index.js';

const [scope, action, ...words] = process.argv.slice(2);
const file = process.env['HOLDFAST_STATE_DB'] ?? '';
const flags = new Set(words.filter((word) => word.startsWith('--')));
const patterns = words.flatMap((word, at) =>
  words[at - 1] === '--pattern' ? splitPatterns(word) : [],
);
const [key = '', value = ''] = words.filter((word) => !word.startsWith('--'));
try {
  if (scope !== 'state') throw new Error(`no scope ${scope}`);
  const store = openStore(file, {
    access: action === 'set' || action === 'delete' ? 'write' : 'read',
    missing: action === 'set' ? 'create' : 'error',
    busyTimeout: 200,
  });
  if (action === 'list') {
    const entries = store.list(patterns.length > 0 ? patterns : undefined);
    console.log(JSON.stringify({ entries }));
  } else if (action === 'get') {
    const entry = store.get(key);
    if (entry) console.log(flags.has('--json') ? JSON.stringify(entry) : `${key}=${entry.value}`);
    else process.exitCode = 1;
  } else if (action === 'set') console.log(JSON.stringify(store.set(key, value)));
  else if (action === 'delete') console.log(JSON.stringify({ deleted: store.delete([key]) }));
  else throw new Error(`no action ${action}`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = error instanceof SkillSyncError && error.blame === 'environment' ? 3 : 2;
}
