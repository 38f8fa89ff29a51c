import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, test } from 'vitest';

import { fitBody } from './fit-body.js';

const note = /_\(\d+ more lines?, \d+ characters, left out here to stay within the limit\.\)_\n$/;

/** Whether the last thing that a Markdown parser sees is the note, outside of everything. */
function endsWithNote(text: string): boolean {
  const last = fromMarkdown(text).children.at(-1);
  return last?.type === 'paragraph' && note.test(`${text.slice(last.position!.start.offset!)}`);
}

/** How many `<details>` stay open, by the HTML that a Markdown parser sees. */
function openDetails(text: string): number {
  let open = 0;
  const visit = (node: { type: string; value?: string; children?: unknown[] }): void => {
    if (node.type === 'html') {
      for (const [tag] of node.value!.matchAll(/<!--[^]*?-->|<\/?details/gi)) {
        if (!tag.startsWith('<!')) open = Math.max(0, open + (tag.startsWith('</') ? -1 : 1));
      }
    }
    for (const child of node.children ?? []) visit(child as typeof node);
  };
  visit(fromMarkdown(text) as Parameters<typeof visit>[0]);
  return open;
}

describe('fitBody', () => {
  test('a text that fits comes back as it is', () => {
    expect(fitBody('one\ntwo', 7)).toBe('one\ntwo');
  });

  test('cuts after a line and says how much was left out', () => {
    const text = Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n');
    expect(fitBody(text, 120)).toMatchInlineSnapshot(`
      "line 0
      line 1
      line 2
      line 3
      line 4
      line 5

      _(44 more lines, 348 characters, left out here to stay within the limit.)_
      "
    `);
  });

  test('closes a code fence and details', () => {
    const rows = 'row of the table\n'.repeat(20);
    const text = `<details>\n<summary>All</summary>\n\n~~~~diff\n${rows}~~~~\n\n</details>\n`;
    expect(fitBody(text, 190)).toMatchInlineSnapshot(`
      "<details>
      <summary>All</summary>

      ~~~~diff
      row of the table
      row of the table
      row of the table
      ~~~~

      </details>

      _(20 more lines, 307 characters, left out here to stay within the limit.)_
      "
    `);
  });

  test.each([
    ['a comment', `one\n\n<!--\n${'hidden\n'.repeat(100)}-->\n`],
    ['a fence in a list', `one\n\n- two\n  \`\`\`\n${'  code\n'.repeat(100)}  \`\`\`\n`],
    ['a fence in a quote', `one\n\n> \`\`\`\n${'> code\n'.repeat(100)}`],
    ['preformatted text', `one\n\n<pre>\n${'code\n\n'.repeat(100)}</pre>\n`],
  ])('%s is left out whole', (_, text) => {
    const fitted = fitBody(text, 200);
    expect(fitted).toMatch(/^one/);
    expect(fitted).not.toMatch(/hidden|code/);
    expect(endsWithNote(fitted)).toBe(true);
  });

  test('a first line that is too long is cut, not within a surrogate pair', () => {
    for (const limit of [150, 151, 152]) {
      const fitted = fitBody('😀'.repeat(200), limit);
      expect(fitted).toMatch(/^😀/u);
      expect(fitted.isWellFormed()).toBe(true);
      expect(fitted.length).toBeLessThanOrEqual(limit);
      expect(endsWithNote(fitted)).toBe(true);
    }
  });

  test.each([0, 1, 5, 60])('a limit of %d, too small for the note, is kept', (limit) => {
    expect(fitBody('😀'.repeat(200), limit).length).toBeLessThanOrEqual(limit);
    expect(fitBody('😀'.repeat(200), limit).isWellFormed()).toBe(true);
  });

  test('hostile texts take no long time', () => {
    for (const unit of ['<details>\n', '`', '```\n', '> ', '- ', '<!--', '\n', ' ', '<']) {
      const text = unit.repeat(100_000);
      expect(fitBody(text, 65_536).length).toBeLessThanOrEqual(65_536);
    }
  });

  const line = fc.constantFrom(
    ...['', 'text', '```', '```js', '~~~', '````', '  ```', '   ~~~', '    ```', '- ```', '1. ```'],
    ...['> ```', '> text', '- item', '  more', '   more', '    deep', '<details>', '</details>'],
    ...['<details><summary>x</summary>', '<!-- a', 'b -->', 'a <!-- b', '<pre>', '</pre>', '<div>'],
    ...[
      '`<details>`',
      '`</details>`',
      '<?php',
      '?>',
      '> - ```',
      '\t```',
      '# head',
      '😀😀',
      '* * *',
    ],
    ...['``` not `closed`', '<b>', '-', '>', '<script>', '</script>', '<!X', '<![CDATA[', ']]>'],
  );
  const markdown = fc
    .tuple(fc.array(line, { maxLength: 25 }), fc.constantFrom('\n', '\r\n', '\r'))
    .map(([lines, newline]) => [...lines, 'tail '.repeat(100)].join(newline));

  test('within the limit, the note last and visible, nothing left open', () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 100, max: 400 }), (text, limit) => {
        const fitted = fitBody(text, limit);
        expect(fitted.length).toBeLessThanOrEqual(limit);
        expect(fitted.isWellFormed()).toBe(true);
        expect(endsWithNote(fitted)).toBe(true);
        expect(openDetails(fitted)).toBe(0);
        expect(fitBody(fitted, limit)).toBe(fitted);
      }),
      { numRuns: 2000 },
    );
  });
});
