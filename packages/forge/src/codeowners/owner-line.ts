/** One rule of a CODEOWNERS file. */
export interface OwnerRule {
  readonly matches: (path: string) => boolean;
  /** Names without `@`, teams as `org/team`; empty where the line takes ownership away. */
  readonly owners: readonly string[];
}

/** The words of a line: split at spaces and tabs, where a backslash takes the meaning of the next. */
export function splitWords(line: string): string[] {
  const words = line.match(/(?:\\.|[^\s\\])+/g) ?? [];
  return [...words];
}

/**
 * The owners among the words of a line. Addresses are left out, since no forge takes them as
 * reviewers; so are roles (`@@developer`).
 */
export function readOwners(words: readonly string[]): string[] {
  return words.filter((word) => /^@[\w][\w./-]*$/.test(word)).map((word) => word.slice(1));
}
