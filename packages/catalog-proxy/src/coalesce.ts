/** A function that runs `work` once, some time after it was called first, however often it is called meanwhile. */
export function coalesce(
  work: () => void,
  afterMs: number,
): {
  (): void;
  /** Runs it at once where it was called for. */
  now(): void;
  cancel(): void;
} {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      work();
    }, afterMs);
  };
  const cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  return Object.assign(run, {
    now: () => {
      if (timer === undefined) return;
      cancel();
      work();
    },
    cancel,
  });
}
