import type { PlanOptions } from '@holdfast/sync';

/** The flags that say what a run is about. */
export interface SelectionFlags {
  readonly release?: string;
  readonly ref?: string;
  readonly target?: readonly string[];
  readonly acceptMovedTag?: true;
}

/** The arguments and flags of a run, as the engine takes them. */
export function selectionOf(
  rules: readonly string[],
  { release, ref, target, acceptMovedTag }: SelectionFlags,
): PlanOptions {
  return {
    rules,
    ...(target ? { targets: target } : {}),
    ...(release === undefined ? {} : { release }),
    ...(ref === undefined ? {} : { ref }),
    ...(acceptMovedTag ? { acceptMovedTag } : {}),
  };
}
