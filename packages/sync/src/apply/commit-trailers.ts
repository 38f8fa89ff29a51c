/** What the trailers of a commit of Holdfast's say. */
export interface CommitTrailers {
  /** The rule; of a group, the first of its rules. */
  readonly rule?: string;
  readonly group?: string;
  /** The source commit that was delivered. */
  readonly sourceCommit?: string;
}

/** Reads the trailers that `commitMessage` writes; empty for any other message. */
export function parseTrailers(message: string): CommitTrailers {
  const rule = /^Holdfast-Rule: (\S+)$/m.exec(message)?.[1];
  const group = /^Holdfast-Group: (\S+)$/m.exec(message)?.[1];
  const sourceCommit = /^Holdfast-Source: \S+@([0-9a-f]{40})$/m.exec(message)?.[1];
  return {
    ...(rule === undefined ? {} : { rule }),
    ...(group === undefined ? {} : { group }),
    ...(sourceCommit === undefined ? {} : { sourceCommit }),
  };
}
