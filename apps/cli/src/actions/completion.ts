import type { CommandResult } from '../command-result.js';
import { completionScript } from '../complete.js';

/** `holdfast completion`: the script asks `holdfast complete -- WORDS` for what could follow. */
export function completion({ shell }: { readonly shell: string }): Promise<CommandResult> {
  const script = completionScript(shell);
  // Raw where it is no terminal: the script holds characters that a terminal would take for commands.
  return Promise.resolve({
    exitCode: 0,
    document: { script },
    text: () => script,
    raw: () => [script],
  });
}
