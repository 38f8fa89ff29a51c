import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, watchStore } from '../src/index.js';
import { createWorkspace, type Workspace } from './support/workspace.js';

let work: Workspace;
beforeEach(() => (work = createWorkspace()));
afterEach(() => work.remove());

/** Starts a watch; `calls` grows with each call. */
function watch(more: object = {}) {
  const calls: string[] = [];
  const controller = new AbortController();
  const done = watchStore({
    file: work.storeFile,
    open: () => openStore(work.storeFile, { access: 'read', missing: 'empty' }),
    debounce: 80,
    interval: 10,
    signal: controller.signal,
    onChange: async (store, cause) => {
      calls.push(`${cause} ${store.list().length}`);
    },
    ...more,
  });
  const until = async (condition: () => boolean) => {
    for (let turn = 0; turn < 1000 && !condition(); turn++) await pause(10);
  };
  return { calls, until, stop: () => (controller.abort(), done) };
}

const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

test('a burst of changes is one call, made when it is over', async () => {
  const { calls, until, stop } = watch();
  await until(() => calls.length === 1);
  for (let index = 0; index < 5; index++) {
    work.store.set(`notes:${index}`, 'x');
    await pause(15);
  }
  await until(() => calls.length === 2);
  await pause(200);
  await stop();
  expect(calls).toEqual(['start 0', 'change 5']);
});

test('a burst that does not end is no reason to wait for ever', async () => {
  const { calls, until, stop } = watch({ debounce: 30 });
  await until(() => calls.length === 1);
  let isDone = false;
  void until(() => calls.length >= 2).then(() => (isDone = true));
  for (let index = 0; index < 400 && !isDone; index++) {
    work.store.set('notes:1', String(index));
    await pause(10);
  }
  await stop();
  expect(calls[1]).toBe('change 1');
});

test('heartbeats come without a change', async () => {
  const { calls, until, stop } = watch({ every: 50 });
  await until(() => calls.length >= 3);
  await stop();
  expect(calls.slice(0, 3)).toEqual(['start 0', 'heartbeat 0', 'heartbeat 0']);
});

test('another file in the place of the store is seen', async () => {
  const { calls, until, stop } = watch();
  await until(() => calls.length === 1);
  const other = openStore(join(work.data, 'other.db'));
  other.set('a', '1');
  other.set('b', '2');
  other.close();
  work.store.close();
  for (const name of ['state.db-wal', 'state.db-shm'])
    rmSync(join(work.data, name), { force: true });
  renameSync(join(work.data, 'other.db'), work.storeFile);
  await until(() => calls.length === 2);
  await stop();
  expect(calls[1]).toBe('change 2');
});
