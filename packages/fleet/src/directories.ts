import { homedir } from 'node:os';
import { join } from 'node:path';
import type { FleetSurroundings } from './surroundings.js';

/** Where mirrors of remote repositories are kept; safe to delete at any time. */
export function cacheDirectory({ environment }: Pick<FleetSurroundings, 'environment'>): string {
  return (
    environment['HOLDFAST_CACHE_DIR'] ||
    join(environment['XDG_CACHE_HOME'] || join(home(environment), '.cache'), 'holdfast')
  );
}

/** Where the journal of runs is kept. */
export function stateDirectory({ environment }: Pick<FleetSurroundings, 'environment'>): string {
  return (
    environment['HOLDFAST_STATE_DIR'] ||
    join(environment['XDG_STATE_HOME'] || join(home(environment), '.local', 'state'), 'holdfast')
  );
}

function home(environment: FleetSurroundings['environment']): string {
  return environment['HOME'] || homedir();
}
