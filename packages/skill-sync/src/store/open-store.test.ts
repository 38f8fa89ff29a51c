import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundle } from '../../test/support/bundle.js';
import { openStore } from './open-store.js';
import { formatStateLine, parseStateLines } from './state-lines.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skill-store-'));
  file = join(folder, 'state.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clock = () => new Date('2026-02-13T10:00:00Z');

test('rows come back by key, selected by any of several patterns', () => {
  const store = openStore(file, { clock });
  store.set('notes:entry:b', 'two');
  store.set('notes:entry:a', 'one');
  store.set('notes_entry:x', 'no');
  store.set('memory:fact:1', 'é😀');
  expect(store.list(['notes:entry:*', 'memory:*', '*:1'])).toEqual([
    { key: 'memory:fact:1', value: 'é😀', updatedAt: '2026-02-13T10:00:00.000Z' },
    { key: 'notes:entry:a', value: 'one', updatedAt: '2026-02-13T10:00:00.000Z' },
    { key: 'notes:entry:b', value: 'two', updatedAt: '2026-02-13T10:00:00.000Z' },
  ]);
  expect(store.list([])).toEqual([]);
  expect([...store.iterate()].length).toBe(4);
  expect(store.get('notes:entry:a')?.value).toBe('one');
  expect(store.get('absent')).toBeUndefined();
  expect(store.delete(['notes:entry:a', 'absent'])).toBe(1);
  expect(store.deleteMatching(['notes*'])).toBe(2);
  store.close();
});

test('a prefix is looked up in the index', () => {
  openStore(file).set('a', 'b');
  const database = new DatabaseSync(file);
  const plan = database
    .prepare(
      'EXPLAIN QUERY PLAN SELECT value FROM runtime_kv WHERE key GLOB ? ORDER BY runtime_kv.key',
    )
    .all('notes:*') as { detail: string }[];
  expect(plan.map(({ detail }) => detail)).toEqual([
    'SEARCH runtime_kv USING INDEX sqlite_autoindex_runtime_kv_1 (key>? AND key<?)',
  ]);
});

test('a store is made in write-ahead mode, with its version', () => {
  openStore(file).set('a', 'b');
  expect(new DatabaseSync(file).prepare('PRAGMA journal_mode').get()).toEqual({
    journal_mode: 'wal',
  });
  expect(new DatabaseSync(file).prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
});

function makePublished(): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec(
    `CREATE TABLE runtime_kv (key TEXT PRIMARY KEY, value TEXT, updated_at TEXT);
     CREATE TABLE jobs (id INTEGER);
     INSERT INTO runtime_kv VALUES ('memory:fact:1', '{"content":"x"}', '2026-01-01T00:00:00Z');`,
  );
  return database;
}

test('a store of the described system is read without a byte of it changing, and stays its own', () => {
  makePublished().close();
  const before = readFileSync(file);
  const reader = openStore(file, { access: 'read' });
  expect(reader.list()).toEqual([
    { key: 'memory:fact:1', value: '{"content":"x"}', updatedAt: '2026-01-01T00:00:00Z' },
  ]);
  expect(() => reader.set('a', 'b')).toThrow(expect.objectContaining({ code: 'store-read-only' }));
  reader.close();
  expect(readFileSync(file).equals(before)).toBe(true);
  openStore(file, { clock }).set('memory:fact:1', 'new');
  const rows = new DatabaseSync(file).prepare('SELECT * FROM runtime_kv').all();
  expect(rows).toEqual([
    { key: 'memory:fact:1', value: 'new', updated_at: '2026-02-13T10:00:00.000Z' },
  ]);
});

test('what other programs left in a row reads as text', () => {
  makePublished().exec(
    "INSERT INTO runtime_kv VALUES ('n', NULL, NULL), ('i', 42, 1), (NULL, 'x', 'y'), ('nul' || char(0) || 'x', 'v', '')",
  );
  expect(openStore(file, { access: 'read' }).list(['?', 'nul*'])).toEqual([
    { key: 'i', value: '42', updatedAt: '1' },
    { key: 'n', value: '', updatedAt: '' },
    { key: 'nul\0x', value: 'v', updatedAt: '' },
  ]);
});

test('a newer store is refused, and not changed', () => {
  makePublished().exec('PRAGMA user_version = 2');
  const before = readFileSync(file);
  for (const access of ['read', 'write'] as const) {
    expect(() => openStore(file, { access })).toThrow(
      expect.objectContaining({ code: 'store-newer', blame: 'input' }),
    );
  }
  expect(readFileSync(file).equals(before)).toBe(true);
});

test.each([
  ['text', 'this is no database, however long it is'.repeat(10), 'not-a-store'],
  ['another database', undefined, 'not-a-store'],
])('%s is refused', (_name, content, code) => {
  if (content === undefined) new DatabaseSync(file).exec('CREATE TABLE other (a)');
  else writeFileSync(file, content);
  for (const access of ['read', 'write'] as const) {
    expect(() => openStore(file, { access })).toThrow(expect.objectContaining({ code }));
  }
});

test('a table with other columns is refused', () => {
  new DatabaseSync(file).exec('CREATE TABLE runtime_kv (key TEXT, val TEXT)');
  expect(() => openStore(file)).toThrow('lacks value, updated_at; it has key, val');
});

test('a damaged store is the surroundings’ failure', () => {
  const database = makePublished();
  database.exec('BEGIN');
  const insert = database.prepare('INSERT INTO runtime_kv VALUES (?, ?, ?)');
  for (let row = 0; row < 2000; row++) insert.run(`k:${row}`, 'v'.repeat(50), '');
  database.exec('COMMIT');
  database.close();
  const bytes = readFileSync(file);
  bytes.fill(0x41, 4096 * 3, 4096 * 20);
  writeFileSync(file, bytes);
  expect(() => openStore(file, { access: 'read' }).list()).toThrow(
    expect.objectContaining({ code: 'store-corrupt', blame: 'environment' }),
  );
});

test('a store that is not there: an error, empty, or made', () => {
  expect(() => openStore(file, { access: 'read' })).toThrow(
    expect.objectContaining({ code: 'store-missing', blame: 'input' }),
  );
  const empty = openStore(file, { access: 'read', missing: 'empty' });
  expect(empty.list()).toEqual([]);
  expect(() => empty.set('a', 'b')).toThrow(expect.objectContaining({ code: 'store-read-only' }));
  expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
  expect(() => openStore(join(folder, 'no', 'state.db'))).toThrow('is not there');
  writeFileSync(file, '');
  expect(openStore(file, { access: 'read' }).list()).toEqual([]);
});

test('a store that another process holds is waited for, then said to be locked', async () => {
  openStore(file).set('a', 'b');
  const holder = spawn(process.execPath, [
    '-e',
    `const { DatabaseSync } = require('node:sqlite');
     const database = new DatabaseSync(${JSON.stringify(file)});
     database.exec('BEGIN IMMEDIATE'); console.log('held'); setInterval(() => {}, 1000);`,
  ]);
  await once(holder.stdout, 'data');
  const store = openStore(file, { busyTimeout: 50 });
  expect(store.list().length).toBe(1);
  expect(() => store.set('a', 'c')).toThrow(
    expect.objectContaining({ code: 'store-locked', blame: 'environment' }),
  );
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(store.set('a', 'c').value).toBe('c');
});

test('a store in a folder that may not be written to can be read', async () => {
  const store = openStore(file);
  store.set('a', 'b');
  store.close();
  chmodSync(folder, 0o555);
  chmodSync(file, 0o444);
  const module = await bundle('src/index.ts');
  const script = `
    const { openStore } = await import(${JSON.stringify(module)});
    process.stdout.write(String(openStore(${JSON.stringify(file)}, { access: 'read' }).list().length));
    try { openStore(${JSON.stringify(file)}).set('a', 'c') } catch ({ code }) { process.stdout.write(code) }`;
  chmodSync(join(module, '..'), 0o755);
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    ...(process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  chmodSync(folder, 0o755);
  expect(output).toBe('1store-read-only');
});

test.each([
  ['', 'is empty'],
  ['a\0b', 'holds a NUL'],
  ['a\ud800', 'holds half of a surrogate pair'],
  ['k'.repeat(65_537), 'is longer than 65536 characters'],
])('the key %.10j… is refused, for it %s', (key, why) => {
  const store = openStore(file);
  expect(() => store.set(key, 'v')).toThrow(why);
  expect(store.list()).toEqual([]);
});

test('keys with line feeds, values with NUL and of 10 MB come back as they were', () => {
  const store = openStore(file);
  const value = 'x'.repeat(10 * 2 ** 20);
  store.set('a\nb', value);
  store.set('nul', 'a\0b');
  expect(store.get('a\nb')?.value === value).toBe(true);
  expect(store.get('nul')?.value).toBe('a\0b');
  expect(() => store.set('a', '\udc00')).toThrow('half of a surrogate pair');
});

test('an export, imported elsewhere, is the same rows with the same dates', () => {
  const store = openStore(file, { clock });
  for (const key of ['a', 'b\n,"', 'ü']) store.set(key, `value of ${key}\u2028`);
  const lines = [...store.iterate()].map(formatStateLine).join('\n');
  const other = openStore(join(folder, 'other.db'));
  expect(other.importEntries(parseStateLines(lines))).toBe(3);
  expect(other.list()).toEqual(store.list());
});

test.each([
  ['{"key":"a","value":"1"}\n{"key":"b"', 'lines.jsonl:2: not a line of JSON'],
  ['{"key":"a","value":"1"}\n\n[]', 'lines.jsonl:3: not an object'],
  ['{"key":"a","value":1}', 'lines.jsonl:1: value must be a string'],
  ['{"value":"1"}', 'lines.jsonl:1: key must be a string'],
  ['{"key":"a\\u0000","value":"1"}', 'lines.jsonl:1: the key "a\\u0000" holds a NUL'],
  ['{"key":"a","value":"1"}\n{"key":"a","value":"2"}', 'the key "a" stands in line 1 already'],
  ['{"key":"a","value":"1","updatedAt":"yesterday"}', 'updatedAt must be an ISO 8601 date'],
])('of lines that hold %j nothing is imported', (lines, why) => {
  const store = openStore(file);
  expect(() => store.importEntries(parseStateLines(lines, 'lines.jsonl'))).toThrow(why);
  expect(store.list()).toEqual([]);
});

test('a transaction that fails writes nothing, one within another is part of it', () => {
  const store = openStore(file);
  expect(() =>
    store.transaction(() => {
      store.set('a', '1');
      store.transaction(() => store.set('b', '2'));
      throw new Error('stop');
    }),
  ).toThrow('stop');
  expect(store.list()).toEqual([]);
});

test('the data version changes when others write, not by itself', () => {
  const store = openStore(file);
  store.set('a', '1');
  const before = store.dataVersion();
  store.set('a', '2');
  expect(store.dataVersion()).toBe(before);
  openStore(file).set('a', '3');
  expect(store.dataVersion()).not.toBe(before);
});
