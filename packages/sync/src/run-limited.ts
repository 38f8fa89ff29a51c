/**
 * Maps items with at most `limit` calls under way; results keep the order of the items.
 * The first rejection is passed on once the calls under way have settled.
 */
export async function runLimited<Item, Result>(
  items: readonly Item[],
  limit: number,
  call: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await call(items[index] as Item, index);
    }
  };
  const workers = Array.from({ length: Math.min(limit, items.length) }, work);
  const settled = await Promise.allSettled(workers);
  const failure = settled.find((worker) => worker.status === 'rejected');
  if (failure) throw failure.reason;
  return results;
}
