/** A function that runs `work` once, some time after it was called first, however often it is called meanwhile. */
export function coalesce(work: () => void, afterMs: number): { (): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      work();
    }, afterMs);
  };
  return Object.assign(run, {
    cancel: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  });
}
