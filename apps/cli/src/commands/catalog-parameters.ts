import type { Flag, ValueOption } from '../command.js';

/** Where the files of a catalog are. */
export const catalogFolderOptions = {
  stateHome: {
    value: 'folder',
    description: 'the artifacts; default: $HOLDFAST_STATE_HOME, $STELAE_STATE_HOME',
  },
  configHome: {
    value: 'folder',
    description:
      'catalog/, bundles/ and the local overlay; default: $HOLDFAST_CONFIG_HOME, $STELAE_CONFIG_HOME',
  },
} as const satisfies Record<string, ValueOption | Flag>;

/** How servers are asked. */
export const captureOptions = {
  timeout: {
    value: 'seconds',
    description: 'how long one request may take; default: 15',
    minimum: 1,
  },
  capability: {
    value: 'name',
    description: 'say that the client can do this; default: roots, sampling, elicitation',
    choices: ['roots', 'sampling', 'elicitation', 'none'],
    repeatable: true,
  },
} as const satisfies Record<string, ValueOption | Flag>;

export const toolArgument = { description: 'the name of the tool, or server/tool' } as const;
