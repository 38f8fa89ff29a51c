import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyStatus } from '../adopt/adopt.js';
import { StateStore, type LiveCatalog, type LiveDescriptors, type Retention } from './index.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'catalog-state-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

let clock = 0;
const store = (retention: Retention = {}, step = 1000) =>
  new StateStore({
    directory,
    now: () => new Date(Date.UTC(2026, 0, 1) + (clock += step)),
    retention,
    lock: { waitMs: 200 },
  });
const live = (name: string): LiveCatalog => ({
  schemaVersion: 1,
  kind: 'live-catalog',
  writtenAt: '2026-01-01T00:00:00Z',
  servers: [],
  tools: [{ name, server: 's' }],
});
const described: LiveDescriptors = {
  schemaVersion: 1,
  kind: 'live-descriptors',
  capturedAt: '2026-01-01T00:00:00Z',
  servers: [],
};
const files = (folder = directory) => readdirSync(folder).sort();
const count = (prefix: string, folder = directory) =>
  files(folder).filter((name) => new RegExp(`^${prefix}\\.\\d`).test(name)).length;

describe('retention', () => {
  it('keeps the present live catalog, the one before, five with their time and five in the archive', async () => {
    const state = store();
    for (let turn = 0; turn < 13; turn++) await state.write('live-catalog', live(`t${turn}`));
    expect((await state.read('live-catalog'))!.tools[0]!.name).toBe('t12');
    expect((await state.readPrevious('live-catalog'))!.tools[0]!.name).toBe('t11');
    expect(count('live_catalog')).toBe(5);
    expect(count('live_catalog', join(directory, 'archive'))).toBe(5);
    const kept = await state.readHistory('live-catalog');
    expect(kept.map(({ artifact }) => artifact.tools[0]!.name)).toEqual(
      Array.from({ length: 10 }, (_, at) => `t${at + 3}`),
    );
  });

  it('a history of 0 keeps none', async () => {
    const state = store({ liveHistory: 0, descriptorHistory: 0 });
    for (let turn = 0; turn < 3; turn++) await state.write('live-catalog', live(`t${turn}`));
    await state.write('live-descriptors', described);
    expect(files()).toEqual([
      'live_catalog.json',
      'live_catalog.prev.json',
      'live_descriptors.json',
    ]);
  });

  it('what is retained has the present one and the one before, each once', async () => {
    const names = async (state: StateStore) =>
      (await state.readRetained('live-catalog')).map(({ artifact }) => artifact.tools[0]!.name);
    const none = store({ liveHistory: 0 });
    for (let turn = 0; turn < 3; turn++) await none.write('live-catalog', live(`t${turn}`));
    expect(await names(none)).toEqual(['t1', 't2']);
    const two = store({ liveHistory: 2 });
    for (let turn = 3; turn < 6; turn++) await two.write('live-catalog', live(`t${turn}`));
    expect(await names(two)).toEqual(['t3', 't4', 't5']);
  });

  it('three live descriptors with their time, and no archive', async () => {
    const state = store();
    for (let turn = 0; turn < 6; turn++) await state.write('live-descriptors', described);
    expect(count('live_descriptors')).toBe(3);
    expect(files()).not.toContain('archive');
  });

  it('intended catalogs with their time only where asked', async () => {
    const intended = {
      schemaVersion: 1,
      kind: 'intended-catalog',
      descriptors: null,
      tools: [],
      hidden: [],
      disabled: [],
    } as const;
    await store().write('intended-catalog', { ...intended, tools: [], hidden: [], disabled: [] });
    expect(files()).toEqual(['intended_catalog.json']);
    await store({ intendedHistory: true }).write('intended-catalog', {
      ...intended,
      tools: [],
      hidden: [],
      disabled: [],
    });
    expect(count('intended_catalog')).toBe(1);
    expect(files()).toContain('intended_catalog.prev.json');
  });

  it('two in one second differ', async () => {
    const state = store({}, 0);
    for (let turn = 0; turn < 3; turn++) await state.write('live-catalog', live(`t${turn}`));
    expect(count('live_catalog')).toBe(3);
    expect(
      (await state.readHistory('live-catalog')).map(({ artifact }) => artifact.tools[0]!.name),
    ).toEqual(['t0', 't1', 't2']);
  });

  it('prune follows a smaller number', async () => {
    const state = store();
    for (let turn = 0; turn < 5; turn++) await state.write('live-catalog', live(`t${turn}`));
    await store({ liveHistory: 1 }).prune();
    expect([count('live_catalog'), count('live_catalog', join(directory, 'archive'))]).toEqual([
      1, 1,
    ]);
  });

  it('a drift log of no entries keeps none', async () => {
    const state = store({ driftEntries: 0 });
    const summary = {
      breaking: 1,
      warnings: 0,
      info: 0,
      unknown: 0,
      added: 0,
      removed: 1,
      renamed: 0,
    };
    await state.appendDrift({ at: '2026-01-01T00:00:00Z', summary, gaps: [] });
    expect(await state.readDrift()).toEqual([]);
  });

  it('the drift log is trimmed', async () => {
    const state = store({ driftEntries: 3 });
    const summary = {
      breaking: 0,
      warnings: 0,
      info: 0,
      unknown: 0,
      added: 0,
      removed: 0,
      renamed: 0,
    };
    for (let turn = 0; turn < 5; turn++)
      await state.appendDrift({
        at: '2026-01-01T00:00:00Z',
        summary: { ...summary, added: turn },
        gaps: [],
      });
    expect((await state.readDrift()).map((entry) => entry.summary.added)).toEqual([2, 3, 4]);
    writeFileSync(join(directory, 'live_catalog_drift.log'), 'torn{\n', { flag: 'a' });
    expect(await state.readDrift()).toHaveLength(3);
  });

  it('statuses are archived only where asked', async () => {
    expect(await store().archiveStatus(emptyStatus())).toBeUndefined();
    await store({ archiveStatus: true }).archiveStatus(emptyStatus());
    expect(count('tool_schema_status', join(directory, 'schema-status'))).toBe(1);
  });
});

describe('files that cannot be trusted', () => {
  it.each([
    ['half-written', '{"schemaVersion": 1, "kind": "live-c', 'damaged', /1:\d+/],
    ['of another kind', '{"schemaVersion": 1, "kind": "intended-catalog"}', 'damaged', /\/kind/],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'damaged', /UTF-8/],
    ['empty', '', 'damaged', /no JSON/],
    [
      'of a newer version',
      '{"schemaVersion": 2, "kind": "live-catalog"}',
      'newer-version',
      /newer version \(2\)/,
    ],
  ])('%s', async (_title, content, code, message) => {
    writeFileSync(join(directory, 'live_catalog.json'), content);
    await expect(store().read('live-catalog')).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('what a newer version wrote is not written over', async () => {
    const path = join(directory, 'live_catalog.json');
    writeFileSync(path, '{"schemaVersion": 2}');
    await expect(store().write('live-catalog', live('t'))).rejects.toMatchObject({
      code: 'newer-version',
    });
    expect(readFileSync(path, 'utf8')).toBe('{"schemaVersion": 2}');
  });

  it('a damaged one is replaced, and never becomes the one before', async () => {
    writeFileSync(join(directory, 'live_catalog.json'), '{');
    await store({ liveHistory: 0 }).write('live-catalog', live('t'));
    expect(files()).toEqual(['live_catalog.json']);
  });

  it('there is none', async () => {
    expect(await store().read('live-catalog')).toBeUndefined();
    expect(await store().readHistory('live-catalog')).toEqual([]);
  });
});

describe('two writers', () => {
  it('take turns, and lose nothing', async () => {
    const stores = Array.from(
      { length: 4 },
      () => new StateStore({ directory, now: () => new Date(0) }),
    );
    await Promise.all(
      Array.from({ length: 24 }, (_, at) =>
        stores[at % 4]!.update('tool-schema-status', (present = emptyStatus()) => ({
          ...present,
          renders: present.renders + 1,
        })),
      ),
    );
    expect((await store().read('tool-schema-status'))!.renders).toBe(24);
    expect(files()).toEqual(['tool_schema_status.json']);
  });

  it('one that does not end is told of', async () => {
    writeFileSync(join(directory, '.catalog.lock'), 'someone');
    await expect(store().write('live-catalog', live('t'))).rejects.toMatchObject({
      code: 'locked',
    });
  });

  it('a lock that was left behind is taken away', async () => {
    const path = join(directory, '.catalog.lock');
    writeFileSync(path, 'someone');
    utimesSync(path, new Date(0), new Date(0));
    await store({ liveHistory: 0 }).write('live-catalog', live('t'));
    expect(files()).toEqual(['live_catalog.json']);
  });
});
