import { expect, test } from 'vitest';

import type { Forge } from '../src/index.js';
import {
  copySandbox,
  createSandbox,
  newRequest,
  type Sandbox,
  mergeAtHead,
} from './git-sandbox.js';
import { interruptWrites } from './interrupt-writes.js';

/** Every operation that writes, on a sandbox with request 1 open and request 2 closed. */
const operations: [string, (forge: Forge, sandbox: Sandbox) => Promise<unknown>][] = [
  [
    'open',
    (forge, { git }) =>
      forge.open(newRequest(git('rev-parse', 'third'), { head: 'third', title: 'Third' })),
  ],
  ['update', (forge) => forge.update('1', { title: 'Changed', body: 'changed' })],
  ['comment', (forge) => forge.comment('1', { body: 'said', key: 'k' })],
  ['merge', (forge) => mergeAtHead(forge, '1', { method: 'merge' })],
  ['squash', (forge) => mergeAtHead(forge, '1', { method: 'squash', deleteBranch: false })],
  ['close', (forge) => forge.close('1', { comment: 'bye' })],
  ['reopen', (forge) => forge.reopen('2')],
];

async function prepare(): Promise<Sandbox> {
  const sandbox = await createSandbox();
  for (const [head, text] of [
    ['topic', '1'],
    ['second', '2'],
    ['third', '3'],
  ] as const) {
    const headCommit = await sandbox.commit(head, { [head]: text }, 'main');
    if (head !== 'third') await sandbox.forge().open(newRequest(headCommit, { head }));
  }
  await sandbox.forge().close('2');
  return sandbox;
}

test.each(operations)(
  '%s, aborted at any point of a write, happened whole or not at all; trying again ends it',
  async (_, operate) => {
    const prepared = await prepare();
    const finished = await copySandbox(prepared);
    const before = finished.git('for-each-ref');
    await operate(finished.forge(), finished);
    const after = finished.git('for-each-ref');
    let aborted = true;
    for (let at = 0; aborted; at += 1) {
      const sandbox = await copySandbox(prepared);
      const repository = interruptWrites(sandbox.repository, at, () => {
        throw new Error('aborted');
      });
      aborted = await operate(sandbox.forge({ repository }), sandbox).then(
        () => false,
        (error: Error) => error.message === 'aborted' || Promise.reject(error),
      );
      expect([before, after]).toContain(sandbox.git('for-each-ref'));
      await operate(sandbox.forge(), sandbox);
      expect(sandbox.git('for-each-ref')).toBe(after);
    }
  },
);
