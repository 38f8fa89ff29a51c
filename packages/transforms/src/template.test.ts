import { describe, expect, test } from 'vitest';
import { contextFor, fileOf, textOf } from '../test/support/context.js';
import {
  createPipeline,
  mapToSource,
  type TransformContext,
  type TemplateSettings,
} from './index.js';

const variables = { team: 'A & B <c>', list: ['x', 'y'], nested: { deep: 1 }, empty: '' };

function render(
  text: string,
  { settings = {}, ...parts }: Partial<TransformContext> & { settings?: TemplateSettings } = {},
) {
  const pipeline = createPipeline({ strategy: 'template', transforms: [{ template: settings }] });
  return pipeline.apply(fileOf(text), contextFor({ variables, ...parts }));
}

function outputOf(text: string, settings?: TemplateSettings): string {
  const result = render(text, settings === undefined ? {} : { settings });
  return result.kind === 'failed' ? JSON.stringify(result.findings) : textOf(result);
}

describe('a template is rendered with the rule’s variables and the built-in ones', () => {
  test.each([
    ['nothing is escaped', '{{ team }}', 'A & B <c>'],
    [
      'built-ins',
      '{{ source.name }} {{ source.version }} {{ source.path }} {{ target.repo }} {{ target.branch }} {{ target.path }} {{ rule.id }}',
      'org/core v1.2.0 core/guide/START.md org/web main docs/guide/START.md web-docs',
    ],
    [
      'loops and conditions',
      '{% for x in list %}{% if x == "y" %}!{% endif %}{{ x }};{% endfor %}',
      'x;!y;',
    ],
    ['raw blocks', '{% raw %}{{ x }}{% endraw %}', '{{ x }}'],
    ['no variable of a prototype', '{{ nested.deep }}', '1'],
    ['a file without tags', 'a { b } % c\r\n', 'a { b } % c\r\n'],
    ['line endings and byte order mark', '\ufeff{{ team }}\r\n\r\nx', '\ufeffA & B <c>\r\n\r\nx'],
    ['a given date', '{{ "2026-01-30" | date: "%d.%m.%Y" }}', '30.01.2026'],
  ])('%s', (_name, text, output) => {
    expect(outputOf(text)).toBe(output);
  });

  test('delimiters of one’s own leave ${{ }} alone', () => {
    const delimiters = { output: ['[[', ']]'], tag: ['[%', '%]'] } as const;
    expect(
      outputOf('${{ github.sha }} [[ source.version ]][% if true %]![% endif %]', { delimiters }),
    ).toBe('${{ github.sha }} v1.2.0!');
  });
});

describe('what is wrong with a template is a finding with its place', () => {
  test.each([
    ['an unknown variable', 'a\nb {{ nope }}', 'undefined variable: nope', [2, 6]],
    ['an unknown member', '{{ nested.other }}', 'undefined variable: nested.other', [1, 4]],
    [
      'a prototype’s member',
      '{{ nested.constructor }}',
      'undefined variable: nested.constructor',
      [1, 4],
    ],
    ['an unknown filter', 'a {{ team | nope }}', 'undefined filter: nope', [1, 3]],
    ['an unclosed tag', 'a\n{% if true %}', 'tag {% if true %} not closed', [2, 1]],
    ['a file', '{% include "x" %}', 'tag "include" not found', [1, 1]],
    [
      'the clock',
      '{{ "now" | date: "%Y" }}',
      'the date "now" would give another output every day; pass a date as a variable',
      [1, 1],
    ],
    ['chance', '{{ list | sample }}', 'undefined filter: sample', [1, 1]],
  ])('%s', (_name, text, message, [line, column]) => {
    expect(render(text)).toMatchObject({
      kind: 'failed',
      findings: [
        {
          ruleId: 'transforms/template-error',
          severity: 'error',
          message,
          path: 'core/guide/START.md',
          range: { start: { line, column } },
        },
      ],
    });
  });

  test('a variable with a built-in’s name', () => {
    expect(render('{{ source }}', { variables: { source: 1 } })).toMatchObject({
      kind: 'failed',
      findings: [{ ruleId: 'transforms/template-variable' }],
    });
  });
});

describe('a template that takes too much is stopped', () => {
  test.each([
    ['a huge range', '{% for i in (1..100000000000) %}{% endfor %}', 'memory alloc limit exceeded'],
    [
      'loops in loops',
      `${'{% for i in (1..200) %}'.repeat(4)}${'{% endfor %}'.repeat(4)}`,
      'rendering takes more than 1000000 steps',
    ],
    [
      'a doubling capture',
      `{% assign a = "aaaaaaaa" %}${'{% capture a %}{{ a }}{{ a }}{% endcapture %}'.repeat(40)}`,
      'the output is longer than 33554432 characters',
    ],
    [
      'a growing replacement',
      `{% assign a = "aaaaaaaa" %}${'{% assign a = a | replace: "a", "aaaaaaaa" %}'.repeat(12)}`,
      'memory alloc limit exceeded',
    ],
  ])('%s', (_name, text, message) => {
    expect(render(text)).toMatchObject({ kind: 'failed', findings: [{ message }] });
  });

  test('tags within tags, 10,000 deep', () => {
    const text = '{% if true %}'.repeat(10_000) + '{% endif %}'.repeat(10_000);
    expect(render(text)).toMatchObject({ kind: 'failed', findings: [{ severity: 'error' }] });
  });

  test('a hundred thousand tags', () => {
    expect(render('{{ team }}'.repeat(100_000))).toMatchObject({
      kind: 'failed',
      findings: [{ message: 'the template has more than 20000 tags' }],
    });
  });

  test('five million characters', () => {
    expect(render(`{{ team }}${' '.repeat(5e6)}`)).toMatchObject({
      kind: 'failed',
      findings: [{ ruleId: 'transforms/template-too-large' }],
    });
  });
});

test('the source map is exact outside of tags', () => {
  const text = 'one {{ team }} two\n{% for x in list %}{{ x }}{% endfor %}three';
  const result = render(text);
  if (result.kind === 'failed') throw new Error('failed');
  const output = textOf(result);
  for (const word of ['one', 'two', 'three']) {
    const at = output.indexOf(word);
    expect(mapToSource(result.edits, { start: at, end: at + word.length })).toEqual({
      start: text.indexOf(word),
      end: text.indexOf(word) + word.length,
    });
  }
});
