import type { Argument, Flag, ValueOption } from '../command.js';

export const odpsFolder = {
  description: 'the dbt project, or a folder of several; default: here',
  optional: true,
} as const satisfies Argument;

/** How the platform is asked, or not. */
export const odpsPlatform = {
  offline: { description: 'ask no platform', conflicts: ['connection'] },
  connection: {
    value: 'name',
    description:
      'a connection of ~/.entropy-data/config.toml; default: the environment, else its default',
  },
  apiHost: { value: 'url', description: 'the platform; default: that of the connection' },
} as const satisfies Record<string, ValueOption | Flag>;
