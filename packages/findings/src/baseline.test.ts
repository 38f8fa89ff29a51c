import { expect, it } from 'vitest';
import {
  compareBaseline,
  createBaseline,
  fingerprintOf,
  readBaseline,
  writeBaseline,
  type Finding,
} from './index.js';

function found(message: string, line = 1, data?: Record<string, unknown>): Finding {
  const start = { line, column: 1 };
  const range = { start, end: start };
  return { ruleId: 'r', severity: 'error', path: 'a.md', message, range, ...(data && { data }) };
}

it('tells what is new, known and gone, wherever it moved', () => {
  const baseline = createBaseline([
    found('old', 3),
    found('twice', 1),
    found('twice', 2),
    found('gone'),
  ]);
  const now = [
    found('old', 90),
    found('twice', 5),
    found('twice', 6),
    found('twice', 7),
    found('new'),
  ];
  const { fresh, known, gone } = compareBaseline(now, baseline);
  expect(fresh).toEqual([now[3], now[4]]);
  expect(known).toEqual([now[0], now[1], now[2]]);
  expect(gone.map(({ message, count }) => [message, count])).toEqual([['gone', 1]]);
});

it('a rule may say what identifies its findings', () => {
  const before = found('took 3 ms', 1, { fingerprint: 'slow' });
  const after = found('took 4 ms', 1, { fingerprint: 'slow' });
  expect(fingerprintOf(before)).toBe(fingerprintOf(after));
  expect(fingerprintOf(found('slow'))).not.toBe(fingerprintOf(after));
  expect(fingerprintOf({ ...after, path: 'b.md' })).not.toBe(fingerprintOf(after));
});

it('is written sorted, and read back', () => {
  const own = found('took 3 ms', 1, { fingerprint: 'slow' });
  const baseline = createBaseline([found('b'), found('a'), own, found('b', 2)]);
  const text = writeBaseline(baseline);
  expect(text).toMatchInlineSnapshot(`
    "{
      "version": 1,
      "findings": [
        {
          "path": "a.md",
          "ruleId": "r",
          "message": "a",
          "count": 1
        },
        {
          "path": "a.md",
          "ruleId": "r",
          "message": "b",
          "count": 2
        },
        {
          "path": "a.md",
          "ruleId": "r",
          "message": "took 3 ms",
          "fingerprint": "slow",
          "count": 1
        }
      ]
    }
    "
  `);
  expect(writeBaseline(createBaseline([own, found('b', 7), found('b', 8), found('a', 9)]))).toBe(
    text,
  );
  const read = readBaseline(text);
  expect(read.kind === 'read' && read.baseline).toEqual(baseline);
});

it.each([
  ['{', 'a baseline must be JSON: '],
  ['null', 'a baseline must have "version": 1, got undefined'],
  ['{"version": 2}', 'a baseline must have "version": 1, got 2'],
  ['{"version": 1}', 'a baseline must have a list "findings"'],
  [
    '{"version": 1, "findings": [{"path": "a", "count": 0}]}',
    'findings[0] must have the texts path, ruleId and message, and a count above 0',
  ],
])('says what is wrong with %s', (text, message) => {
  const read = readBaseline(text);
  expect(read.kind === 'invalid' && read.message).toContain(message);
});

it('takes any number of findings', () => {
  const many = Array.from({ length: 130_000 }, (_, index) => found(`m${index}`));
  const { known, fresh } = compareBaseline(many, createBaseline(many));
  expect([known.length, fresh.length]).toEqual([130_000, 0]);
});
