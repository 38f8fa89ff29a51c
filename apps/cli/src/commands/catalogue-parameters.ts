/** Any catalogues of the configuration. */
export const cataloguesArgument = {
  description: 'names of catalogues; default: all',
  optional: true,
  repeatable: true,
} as const;
