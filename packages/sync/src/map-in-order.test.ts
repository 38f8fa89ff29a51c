import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mapInOrder } from './map-in-order.js';

/** Calls that end when they are told to. */
function controlled() {
  const calls = new Map<number, PromiseWithResolvers<string>>();
  const begun: number[] = [];
  return {
    begun,
    call: (item: number) => {
      begun.push(item);
      const ends = Promise.withResolvers<string>();
      calls.set(item, ends);
      return ends.promise;
    },
    end: (item: number) => calls.get(item)?.resolve(`r${item}`),
    fail: (item: number) => calls.get(item)?.reject(new Error(`no ${item}`)),
  };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

test('results come in the order of the items, whichever is done first', async () => {
  const work = controlled();
  const results = mapInOrder(numbers(4), 2, work.call);
  const first = results.next();
  await setImmediate();
  expect(work.begun).toEqual([0, 1]);
  work.end(1);
  await setImmediate();
  expect(work.begun).toEqual([0, 1, 2]);
  work.end(0);
  expect(await first).toEqual({ done: false, value: 'r0' });
  expect(await results.next()).toEqual({ done: false, value: 'r1' });
  await setImmediate();
  const rest = [results.next(), results.next(), results.next()];
  await setImmediate();
  work.end(2);
  await setImmediate();
  work.end(3);
  expect(await Promise.all(rest)).toEqual([
    { done: false, value: 'r2' },
    { done: false, value: 'r3' },
    { done: true, value: undefined },
  ]);
});

test('a slow item lets only so many results pile up behind it', async () => {
  const work = controlled();
  const results = mapInOrder(numbers(100), 2, work.call);
  const first = results.next();
  for (const item of numbers(100).slice(1)) {
    work.end(item);
    await setImmediate();
  }
  expect(work.begun).toHaveLength(8);
  work.end(0);
  expect(await first).toEqual({ done: false, value: 'r0' });
  await results.return();
});

test('a failure is passed on in its turn, once what is under way has ended', async () => {
  const work = controlled();
  const results = mapInOrder(numbers(9), 2, work.call);
  const first = results.next();
  await setImmediate();
  work.fail(0);
  await setImmediate();
  for (const item of work.begun) work.end(item);
  await expect(first).rejects.toThrow('no 0');
  expect(await results.next()).toEqual({ done: true, value: undefined });
  expect(work.begun.length).toBeLessThan(9);
});

test('no items, no results', async () => {
  expect(await Array.fromAsync(mapInOrder([], 3, async () => 1))).toEqual([]);
});
