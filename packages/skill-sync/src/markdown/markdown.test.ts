import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planEdits } from '../absorb/plan-edits.js';
import { parseRendering } from '../absorb/parse-rendering.js';
import { formatField, parseField } from './field.js';
import {
  escapeBlock,
  escapeCell,
  escapeInline,
  quoteBlock,
  renderFrontMatter,
  renderSections,
  renderTable,
  unescapeBlock,
  unescapeInline,
  unquoteBlock,
} from './index.js';

const notes = [
  {
    key: 'notes:entry:a_1',
    value: JSON.stringify({
      title: 'Use 100% of_it\n# now | then',
      type: 'decision',
      tags: ['a,b', 'c'],
      body: '# no heading\n- no list\n\n    no code <!-- sync:end -->',
    }),
  },
  { key: 'notes:entry:--> x', value: JSON.stringify({ title: '', open: true, body: '' }) },
];

test('a table, with whatever stands in a cell', () => {
  expect(renderTable(notes, { columns: ['title', 'tags', 'open'] })).toBe(
    `<!-- sync:table columns="title,tags,open" -->

| title | tags | open |
| --- | --- | --- |
| <!-- sync:entry notes:entry:a_1 --> Use 100% of\\_it<br>\\# now \\| then | a\\\\,b, c |  |
| <!-- sync:entry notes:entry:-%2D%3E%20x -->  |  | true |

<!-- sync:end -->
`,
  );
});

test('sections, with whatever stands in a title or body', () => {
  expect(renderSections(notes, { body: 'body', fields: ['type', 'tags'], level: 3 })).toBe(
    `<!-- sync:sections level="3" title="title" fields="type,tags" body="body" format="text" -->

<!-- sync:entry notes:entry:a_1 -->
### Use 100% of\\_it&#10;\\# now \\| then

- **type:** decision
- **tags:** a\\\\,b, c

\\# no heading
\\- no list

&#32;   no code \\<!-- sync:end --\\>

<!-- sync:entry notes:entry:-%2D%3E%20x -->
###

- **type:**
- **tags:**

<!-- sync:end -->
`,
  );
});

test('a body of Markdown stays in its quotation', () => {
  expect(
    renderSections([{ key: 'k', value: '{"title":"T","body":"```\\nopen\\n\\n<!--"}' }], {
      body: 'body',
      format: 'markdown',
    }),
  ).toContain('> ```\n> open\n>\n> <!--\n\n<!-- sync:end -->');
});

test('front matter', () => {
  expect(renderFrontMatter({ title: 'yes: no', date: '2026-02-13', n: 3 })).toBe(
    '---\ntitle: "yes: no"\ndate: 2026-02-13\nn: 3\n---\n',
  );
  expect(renderFrontMatter({})).toBe('');
});

test.each(['a"b', 'a b', '-->', '', 'a..b', 'a--b'])('%j is no name of a field', (name) => {
  expect(() => renderTable([], { columns: [name] })).toThrow(TypeError);
});

test('a level that no heading has, and a table without columns, are refused', () => {
  expect(() => renderSections([], { level: 7 })).toThrow(TypeError);
  expect(() => renderTable([], { columns: [] })).toThrow(TypeError);
});

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        '#',
        '- ',
        '+',
        '=',
        '1. ',
        '12)',
        '\n',
        '\n\n',
        ' ',
        '    ',
        '\t',
        '\\',
        '|',
        '`',
        '```',
        '<!-- sync:end -->',
        '<!-- sync:entry k0 -->',
        '<br>',
        '&#10;',
        '&amp;',
        '>',
        '*',
        '_',
        '[x](y)',
        '\r',
        '\0',
        '\u2028',
        '~~~',
        '---',
        'word',
        'é',
        '😀',
        ',',
        '\\,',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

test('whatever is escaped comes back', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      expect(unescapeInline(escapeInline(text))).toBe(text);
      expect(unescapeInline(escapeCell(text))).toBe(text);
      expect(unescapeBlock(escapeBlock(text))).toBe(text);
      expect(escapeInline(text)).not.toMatch(/\n/);
      expect(escapeBlock(text)).not.toMatch(/^<!--/m);
      if (!text.includes('&#13;')) expect(unquoteBlock(quoteBlock(text))).toBe(text);
    }),
    { numRuns: 1500 },
  );
});

test.each([
  [['a', 'b,c', ' d ', 'e\\']],
  [['', 'x']],
  [12.5],
  [true],
  ['text'],
  [[]],
  [{ deep: [1, { a: null }] }],
])('%j as text stands for the same value', (value) => {
  expect(parseField(formatField(value), value)).toEqual({ value });
});

test.each([
  ['x', 1, 'it was a number'],
  ['yes', true, 'it was true or false'],
  ['{', {}, 'it was JSON'],
])('%j cannot stand in the place of %j', (text, before, why) => {
  expect(parseField(text, before)).toEqual({ why });
});

const record = fc.record({
  title: nasty,
  body: nasty,
  tags: fc.array(nasty, { maxLength: 3 }),
  count: fc.integer(),
  done: fc.boolean(),
});
const rows = fc
  .array(record, { minLength: 1, maxLength: 4 })
  .map((values) =>
    values.map((value, index) => ({ key: `notes:--${index}|x`, value: JSON.stringify(value) })),
  );
const render = (entries: readonly { key: string; value: string }[]) =>
  `# All\n\n${renderTable(entries, { columns: ['title', 'tags', 'done'] })}\n${renderSections(entries, { body: 'body', fields: ['count', 'tags'] })}`;

test('what was rendered reads as it was: absorbing it changes nothing', () => {
  fc.assert(
    fc.property(rows, (entries) => {
      const text = render(entries);
      const current = new Map(entries.map(({ key, value }) => [key, value]));
      expect(parseRendering(text).problems).toEqual([]);
      expect(planEdits(text, text, current)).toEqual({ operations: [], problems: [] });
      const saved = `\ufeff${text.replaceAll('\n', '\r\n')}`;
      expect(planEdits(text, saved, current)).toEqual({ operations: [], problems: [] });
    }),
    { numRuns: 300 },
  );
});

test('an edit to the rendering of other rows makes the rows those', () => {
  fc.assert(
    fc.property(rows, nasty, nasty, fc.integer(), (entries, title, body, count) => {
      const edited = entries.map(({ key, value }, index) => {
        const data = JSON.parse(value) as { tags: string[] };
        return {
          key,
          value: index === 0 ? JSON.stringify({ ...data, title, body, count }) : value,
        };
      });
      const current = new Map(entries.map(({ key, value }) => [key, value]));
      const { operations, problems } = planEdits(render(entries), render(edited), current);
      expect(problems).toEqual([]);
      for (const operation of operations) {
        if (operation.op === 'set') current.set(operation.key, operation.value);
      }
      expect([...current].map(([key, value]) => ({ key, value }))).toEqual(edited);
    }),
    { numRuns: 300 },
  );
});
