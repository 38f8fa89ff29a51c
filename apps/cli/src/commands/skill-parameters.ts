import type { ValueOption } from '../command.js';

/** Which store is meant. */
export const storeOptions = {
  db: {
    value: 'file',
    description: 'the store; default: HOLDFAST_STATE_DB, else state.db in the data folder',
  },
  data: {
    value: 'folder',
    description: 'the data folder; default: HOLDFAST_DATA_DIR, else /data, else in your home',
  },
} as const satisfies Record<string, ValueOption>;

/** Which skills are meant, and where they may write. */
export const skillOptions = {
  skills: {
    value: 'folder',
    description: 'a folder of skills, beside those that are always looked in',
    repeatable: true,
  },
  outputRoot: {
    value: 'folder',
    description: 'a folder that outputs may lie in, beside /data',
    repeatable: true,
  },
  ...storeOptions,
} as const satisfies Record<string, ValueOption>;

/** `--pattern <pattern>`, any number of them. */
export const patternOption = {
  value: 'pattern',
  description: 'only keys that match: * and ? are wildcards, \\ escapes, a comma separates several',
  repeatable: true,
} as const satisfies ValueOption;

/** `--timeout <seconds>` of a generator. */
export const timeoutOption = {
  value: 'seconds',
  description: 'how long a generator may run; default: 60',
  minimum: 1,
} as const satisfies ValueOption;

/** `--skill <name>`. */
export const skillOption = {
  value: 'name',
  description: 'only this skill',
} as const satisfies ValueOption;
