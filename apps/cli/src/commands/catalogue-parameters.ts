/** Any catalogues of the configuration. */
export const cataloguesArgument = {
  description: 'names of catalogues; default: all',
  optional: true,
  repeatable: true,
} as const;

/** One catalogue of the configuration. */
export const catalogueArgument = {
  description: 'the name of a catalogue; default: the only one',
  optional: true,
} as const;
