import type { Argument, Flag, ValueOption } from '../command.js';

/** `[rules...]` of commands that look at all of them where none is named. */
export const rulesArgument = {
  description: 'ids of rules; default: all',
  optional: true,
  repeatable: true,
} as const satisfies Argument;

/** `[rules...]` of a run. */
export const runRulesArgument = {
  description: 'ids of rules; default: those of on_release and on_change',
  optional: true,
  repeatable: true,
} as const satisfies Argument;

/** `<path>` of a file in a target. */
export const pathArgument = {
  description: 'the path of the file in the target',
} as const satisfies Argument;

/** `--target <name>`, any number of them. */
export const targetOption = {
  value: 'name',
  description: 'only this target',
  repeatable: true,
} as const satisfies ValueOption;

/** `--concurrency <number>` of what goes over many targets. */
export const concurrencyOption = {
  value: 'number',
  description: 'how many targets to work on at once; default 4',
  minimum: 1,
} as const satisfies ValueOption;

/** What a run is about. */
export const selectionOptions = {
  release: { value: 'tag', description: 'deliver this release', conflicts: ['ref'] },
  ref: { value: 'revision', description: 'deliver this commit, branch or tag' },
  target: targetOption,
  concurrency: concurrencyOption,
  acceptMovedTag: {
    description: 'deliver a tag although it is no longer the commit that it was',
  },
} as const satisfies Record<string, ValueOption | Flag>;

/** The change request of a target that a command is about. */
export const requestArguments = {
  target: {
    description: 'the name of the target; in a clone of one it may be left out',
    optional: true,
  },
  number: {
    description: 'the number of the request; default: the only open one',
    optional: true,
    minimum: 1,
    mark: '#',
  },
} as const satisfies Record<string, Argument>;

/** `[release]` of a rollout. */
export const releaseArgument = {
  description: 'the release; default: the rollout that is under way',
  optional: true,
} as const satisfies Argument;
