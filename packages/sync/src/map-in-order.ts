/** How far results may wait for an earlier one, as a multiple of what is under way at once. */
const LOOKAHEAD = 4;

/**
 * Maps items with at most `limit` calls under way, and yields their results in the order of the items
 * as they come: a slow one holds back the results after it, of which at most four times as many are
 * made. When the reader stops, or a call fails, those under way are waited for and no more are begun.
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  call: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const source = items[Symbol.iterator]();
  const waiting: Promise<Result>[] = [];
  let active = 0;
  let exhausted = false;
  let room = Promise.withResolvers<void>();

  function fill(): void {
    while (!exhausted && active < limit && waiting.length < limit * LOOKAHEAD) {
      const { done, value } = source.next();
      if (done) {
        exhausted = true;
        return;
      }
      active++;
      const result = call(value).finally(() => {
        active--;
        room.resolve();
      });
      result.catch(() => undefined); // it is passed on when its turn comes
      waiting.push(result);
    }
  }

  try {
    for (fill(); waiting.length > 0; fill()) {
      const first = waiting[0] as Promise<Result>;
      let settled = false;
      const note = () => (settled = true);
      void first.then(note, note);
      // Others that end meanwhile make room for more.
      for (;;) {
        room = Promise.withResolvers<void>();
        await Promise.race([first.catch(() => undefined), room.promise]);
        if (settled) break;
        fill();
      }
      void waiting.shift();
      yield await first;
    }
  } finally {
    exhausted = true;
    await Promise.allSettled(waiting);
  }
}
