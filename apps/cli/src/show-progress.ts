import type { Progress } from '@holdfast/sync';
import type { CommandContext } from './command-result.js';
import { renderMarkup } from './markup.js';

/** Work that is done sooner shows no progress. */
const PATIENCE_MS = 1000;
const CLEAR_LINE = '\r\x1b[2K';

/**
 * Shows how many targets are done while `work` runs: on a terminal alone, and only once it has taken
 * longer than a second. The line is gone when the work is done. Surroundings that take progress
 * themselves are told at once.
 */
export async function showProgress<Result>(
  { surroundings: { stderr, onProgress }, logLevel }: CommandContext,
  work: (onProgress: (progress: Progress) => void) => Promise<Result>,
): Promise<Result> {
  if (onProgress) return work(onProgress);
  if (!stderr.isTTY || logLevel === 'silent') return work(() => undefined);
  let latest: Progress | undefined;
  let shown = false;
  const draw = () => {
    if (!latest) return;
    const { done, total, target } = latest;
    const line = renderMarkup(`${done}/${total} targets  ${target}`, { color: false });
    stderr.write(`${CLEAR_LINE}${line.slice(0, (stderr.columns ?? 80) - 1)}`);
    shown = true;
  };
  const timer = setInterval(draw, PATIENCE_MS);
  timer.unref();
  try {
    return await work((progress) => {
      latest = progress;
      if (shown) draw();
    });
  } finally {
    clearInterval(timer);
    if (shown) stderr.write(CLEAR_LINE);
  }
}
