/**
 * How a run ended, the worst last: 0 done, nothing found; 1 done, with findings; 2 the user's input
 * is wrong; 3 the surroundings failed.
 */
export type ExitCode = 0 | 1 | 2 | 3;

/** The worst of several outcomes; 0 when there are none. */
export function worst(codes: Iterable<ExitCode>): ExitCode {
  let found: ExitCode = 0;
  for (const code of codes) if (code > found) found = code;
  return found;
}

/** The exit code of an error, by whose problem it is. */
export function exitCodeOf({ blame }: { readonly blame: string }): ExitCode {
  return blame === 'input' ? 2 : 3;
}
