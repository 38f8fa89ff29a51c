import type { ValueOption } from '../command.js';

/** `--types <pattern>`: where the types are. */
export const typesOption = {
  value: 'pattern',
  description: 'the source files, as a quoted pattern',
  repeatable: true,
} as const satisfies ValueOption;

/** What `schemas extract` and `schemas check` share. */
export const schemasOptions = {
  type: { value: 'name', description: 'only this exported type', repeatable: true },
  out: { value: 'folder', description: 'the folder of the schemas', default: 'schemas' },
  tsconfig: { value: 'file', description: 'the compiler options; default: strict, for a bundler' },
  baseUrl: { value: 'url', description: 'what each $id begins with; default: nothing' },
} as const satisfies Record<string, ValueOption>;
