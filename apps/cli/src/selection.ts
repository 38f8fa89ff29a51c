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

/** The command that applies what a plan with the same arguments and flags shows. */
export function syncCommand(rules: readonly string[], flags: SelectionFlags): string {
  const { release, ref, target = [], acceptMovedTag } = flags;
  const words = [
    ...rules,
    ...(release === undefined ? [] : ['--release', release]),
    ...(ref === undefined ? [] : ['--ref', ref]),
    ...target.flatMap((name) => ['--target', name]),
    ...(acceptMovedTag ? ['--accept-moved-tag'] : []),
  ];
  return ['holdfast sync', ...words.map(quote)].join(' ');
}

/** A word as a shell takes it. */
export function quote(word: string): string {
  return /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
