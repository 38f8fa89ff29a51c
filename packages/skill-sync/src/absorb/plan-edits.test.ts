import { expect, test } from 'vitest';
import { renderSections, renderTable } from '../markdown/index.js';
import { planEdits } from './plan-edits.js';

const entries = [
  {
    key: 'n:a',
    value: '{ "title": "A",  "big": 12345678901234567890, "tags": ["x"], "body": "first" }',
  },
  { key: 'n:b', value: '{"title":"B","context":{"project":"p"},"body":"second"}' },
];
const current = new Map(entries.map(({ key, value }) => [key, value]));
const written = `# Notes\n\n${renderSections(entries, { fields: ['tags', 'context.project'], body: 'body' })}`;

function edit(from: string, to: string, text = written) {
  expect(text).toContain(from);
  return planEdits(text, text.replace(from, to), current);
}

test('a field is set in its place, and all else of the value stays as it is', () => {
  expect(edit('## A', '## A *new* title')).toEqual({
    operations: [
      {
        op: 'set',
        key: 'n:a',
        value:
          '{ "title": "A *new* title",  "big": 12345678901234567890, "tags": ["x"], "body": "first" }',
        edits: [{ field: 'title', before: 'A', after: 'A *new* title' }],
      },
    ],
    problems: [],
  });
});

test.each([
  ['a list', '**tags:** x', '**tags:** x, y\\\\, z', '"tags": ["x","y, z"]'],
  ['a field in a structure', 'project:** p', 'project:** q', '{"project":"q"}'],
  ['a field that was not there', '**tags:**\n', '**tags:** new\n', '"body":"second","tags":"new"}'],
  ['a text of several lines', 'first', 'first\n\n- and a list\n', '"first\\n\\n- and a list"'],
])('%s is set', (_name, from, to, expected) => {
  const { operations, problems } = edit(from, to);
  expect(problems).toEqual([]);
  expect(operations[0]).toMatchObject({
    op: 'set',
    value: expect.stringContaining(expected) as string,
  });
});

test('an entry that is gone is deleted', () => {
  const from = written.slice(
    written.indexOf('<!-- sync:entry n:a'),
    written.indexOf('<!-- sync:entry n:b'),
  );
  expect(edit(from, '')).toEqual({ operations: [{ op: 'delete', key: 'n:a' }], problems: [] });
});

test('entries may change places', () => {
  const [head = '', a = '', b = '', end = ''] = written.split(/(?=<!-- sync:entry|<!-- sync:end)/);
  expect(planEdits(written, head + b + a + end, current)).toEqual({ operations: [], problems: [] });
});

test.each([
  [
    'text outside of entries',
    '# Notes',
    '# My notes',
    'this belongs to no entry; it was "# Notes"',
  ],
  [
    'a new line at the end',
    '<!-- sync:end -->',
    '<!-- sync:end -->\nmore',
    'this line belongs to no entry',
  ],
  [
    'a section without a key',
    '<!-- sync:entry n:a -->\n',
    '',
    'what is new needs <!-- sync:entry KEY -->',
  ],
  [
    'a key that was not there',
    'sync:entry n:b',
    'sync:entry n:c',
    'n:c is no entry that the file was made from',
  ],
  ['a key twice', 'sync:entry n:b', 'sync:entry n:a', 'n:a stands in line'],
  ['a heading that is gone', '## A\n', '', 'expected the heading of n:a'],
  ['a field that is gone', '- **tags:** x\n', '', 'expected the line of tags of n:a'],
  ['an end that is gone', '<!-- sync:end -->', '', 'has no <!-- sync:end --> any more'],
])('%s is a problem', (_name, from, to, message) => {
  const { problems } = edit(from, to);
  expect(problems.map((problem) => problem.message).join('\n')).toContain(message);
});

test('a number stays one', () => {
  const text = renderTable([{ key: 'n:a', value: '{"count":1}' }], { columns: ['count'] });
  const values = new Map([['n:a', '{"count":1}']]);
  expect(planEdits(text, text.replace('--> 1', '--> 2'), values).operations).toMatchObject([
    { value: '{"count":2}' },
  ]);
  expect(planEdits(text, text.replace('--> 1', '--> two'), values).problems).toEqual([
    { line: 5, message: 'count of n:a cannot be "two": it was a number' },
  ]);
});

test('a row that is no JSON is its field value', () => {
  const text = renderTable([{ key: 'k', value: 'plain' }], { columns: ['value'] });
  const plan = planEdits(text, text.replace('plain', 'other'), new Map([['k', 'plain']]));
  expect(plan.operations).toMatchObject([{ op: 'set', key: 'k', value: 'other' }]);
});

test('rows and cells of a table that do not fit are problems', () => {
  const text = renderTable(entries, { columns: ['title', 'tags'] });
  const plan = planEdits(
    text,
    text.replace('A | x |', 'A | x | more |').replace('B |  |', 'B |  |\n| new | row |'),
    current,
  );
  expect(plan.problems.map(({ message }) => message)).toEqual([
    'the row has 3 cells, the table 2 columns',
    'this row has no key: <!-- sync:entry KEY --> at the start of its first cell',
  ]);
});

test('a field that stands in two places may be edited in one', () => {
  const text = written + renderTable(entries, { columns: ['title'] });
  expect(edit('## A', '## New', text).operations).toMatchObject([{ key: 'n:a', op: 'set' }]);
  const both = text.replace('## A', '## New').replace('n:a --> A', 'n:a --> Other');
  expect(planEdits(text, both, current).problems[0]?.message).toContain('in two places');
  const row = text.slice(
    text.lastIndexOf('| <!-- sync:entry n:a'),
    text.lastIndexOf('| <!-- sync:entry n:b'),
  );
  expect(edit(row, '', text).problems[0]?.message).toBe(
    'n:a was removed in one place, and is still in another',
  );
});
