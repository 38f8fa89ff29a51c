import { describe, expect, test } from 'vitest';
import {
  applyDiff,
  diff,
  findConflictMarkers,
  formatUnified,
  merge3,
  mergeJson,
} from '../src/index.js';
import { mergeYaml } from '../src/yaml/index.js';
import { seededRandom } from './random-sides.js';

const LINES = 100_000;

function repeat(line: (at: number) => string, count = LINES): string {
  return Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('');
}

describe('adversarial repetition stays within the bound', () => {
  const random = seededRandom(1);
  const sometimes = (text: string): string =>
    text.replaceAll(/^.*\n/gm, (line) => (random() < 0.03 ? '' : line));
  const word = (): string => `${Math.floor(random() * 20)}`;

  test.each<[string, () => string]>([
    ['all lines equal', () => 'same'],
    [
      'two lines in turn',
      (() => {
        let at = 0;
        return () => (at++ % 2 === 0 ? 'a' : 'b');
      })(),
    ],
    ['twenty lines at random', word],
  ])('%s', (_, line) => {
    const base = repeat(line);
    const sides = { base, ours: sometimes(base), theirs: sometimes(base) };
    const merged = merge3(sides);
    expect(['clean', 'conflicted']).toContain(merged.kind);
    for (const algorithm of ['myers', 'histogram'] as const) {
      expect(applyDiff(sides.ours, diff(sides.ours, sides.theirs, { algorithm }))).toBe(
        sides.theirs,
      );
    }
  });

  test('everything different', () => {
    const merged = merge3({
      base: repeat((at) => `base ${at}`),
      ours: repeat((at) => `ours ${at}`),
      theirs: repeat((at) => `theirs ${at}`),
    });
    expect(merged).toMatchObject({
      kind: 'conflicted',
      conflicts: [{ ours: { start: 1, end: LINES + 1 }, theirs: { start: 1, end: LINES + 1 } }],
    });
  });

  test('a change in every fifth line', () => {
    const change = (side: string, offset: number) =>
      repeat((at) => (at % 10 === offset ? `${side} ${at}` : `line ${at}`));
    const base = repeat((at) => `line ${at}`);
    const merged = merge3({ base, ours: change('ours', 0), theirs: change('theirs', 5) });
    expect(merged.kind).toBe('clean');
    expect(merged.content.match(/^ours/gm)).toHaveLength(LINES / 10);
    expect(merged.content.match(/^theirs/gm)).toHaveLength(LINES / 10);
  });
});

test('a line of ten million bytes', () => {
  const long = 'x'.repeat(10_000_000);
  const base = `a\n${long}\nb\nc\n`;
  expect(
    merge3({ base, ours: base.replace('a\n', 'A\n'), theirs: base.replace('c\n', 'C\n') }),
  ).toEqual({
    kind: 'clean',
    content: `A\n${long}\nb\nC\n`,
  });
  expect(findConflictMarkers('<'.repeat(10_000_000))).toHaveLength(1);
});

test('markers that the texts are full of', () => {
  const base = repeat((at) => '<'.repeat(7 + (at % 500)), 5000);
  const merged = merge3({ base: `${base}x\n`, ours: `${base}y\n`, theirs: `${base}z\n` });
  expect(merged).toMatchObject({ kind: 'conflicted', markerSize: 507 });
});

test('sides of different kinds', () => {
  const binary = Uint8Array.of(0xff, 0x00, 0xfe);
  const text = new TextEncoder().encode('text\n');
  const json = new TextEncoder().encode('{}');
  expect(merge3({ base: binary, ours: text, theirs: json }).kind).toBe('binary');
  expect(mergeJson({ base: json, ours: text, theirs: binary }).kind).toBe('binary');
  expect(mergeYaml({ base: text, ours: json, theirs: binary }).kind).toBe('binary');
  expect(formatUnified(text, binary)).toBe('Binary files a and b differ\n');
});

test('mixed endings and nothing but endings', () => {
  for (const base of ['\r\n\n\r\n', '\r\r\r', '\n', '\r', '']) {
    const merged = merge3({ base, ours: `${base}a\r\n`, theirs: `b\n${base}` });
    expect(['clean', 'conflicted']).toContain(merged.kind);
  }
});

test('deep documents are merged by line', () => {
  const deep = (open: string, close: string): string => open.repeat(50_000) + close.repeat(50_000);
  const json = { base: '{}', ours: '{"a":1}', theirs: deep('[', ']') };
  expect(mergeJson(json)).toMatchObject({ by: 'line' });
  const indented = Array.from({ length: 1500 }, (_, at) => `${' '.repeat(at)}k:\n`).join('');
  expect(mergeYaml({ base: 'a: 1\n', ours: 'a: 2\n', theirs: indented })).toMatchObject({
    by: 'line',
  });
});

test('megabytes of JSON on one line', () => {
  const items = Array.from({ length: 30_000 }, (_, at) => `{"id":${at},"v":[1,2]}`);
  const write = (list: readonly string[]): string => `${' '.repeat(100_000)}[${list.join(',')}]`;
  const merged = mergeJson({
    base: write(items),
    ours: write(items.with(0, '{"id":0,"v":[0,2]}')),
    theirs: write(items.with(29_999, '{"id":29999,"v":[1,3]}')),
  });
  const expected = items.with(0, '{"id":0,"v":[0,2]}').with(29_999, '{"id":29999,"v":[1,3]}');
  expect(merged.kind).toBe('clean');
  expect(merged.content === write(expected)).toBe(true);
});
