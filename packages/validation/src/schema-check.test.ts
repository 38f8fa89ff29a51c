import { describe, expect, it } from 'vitest';
import { context, file, files } from '../test/files.js';
import {
  knownBreakage,
  schemaCheck,
  validate,
  type SchemaCheckOptions,
  type ValidationReport,
} from './index.js';

function run(
  contents: Record<string, string>,
  options: SchemaCheckOptions = {},
): Promise<ValidationReport> {
  return validate(files(contents), [schemaCheck(options)], context);
}

function list({ findings }: ValidationReport): string[] {
  return findings.map(({ path, range, severity, ruleId, message }) => {
    return `${path}:${range?.start.line}:${range?.start.column} ${severity} ${ruleId}: ${message}`;
  });
}

const details = (report: ValidationReport) => report.sync_validation.checks[0]?.details;

const uri = {
  'draft-04': 'http://json-schema.org/draft-04/schema#',
  'draft-06': 'http://json-schema.org/draft-06/schema#',
  'draft-07': 'http://json-schema.org/draft-07/schema#',
  '2019-09': 'https://json-schema.org/draft/2019-09/schema',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
};

describe('what does not parse', () => {
  it('is named with its place, in files, blocks and front matter', async () => {
    const report = await run({
      'a.json': '{\n  "a": 1,\n}',
      'b.yaml': 'a: [1',
      'c.md': '---\na: [\n---\n\ntext\n\n- item\n\n  ```json\n  {"a": 1 "b": 2}\n  ```\n',
    });
    expect(list(report)).toEqual([
      'a.json:2:9 error schema/syntax: the file does not parse: a comma before "}"',
      'b.yaml:1:6 error schema/syntax: the file does not parse: flow sequence in block collection must be sufficiently indented and end with a ]',
      'c.md:3:1 warning schema/syntax: the front matter does not parse: flow sequence in block collection must be sufficiently indented and end with a ]',
      'c.md:10:11 error schema/syntax: the block does not parse: expected "," or "}", got "\\""',
    ]);
  });

  it('is read with comments where comments belong', async () => {
    const report = await run({
      'tsconfig.json': '{ /* x */ }',
      '.vscode/settings.json': '// y\n{}',
      'a.jsonc': '{"a": 1,}',
    });
    expect(list(report)).toEqual([]);
    expect(details(report)).toBe(
      '0 schemas validated, 0 documents checked against a schema, 3 documents parsed',
    );
  });

  it('finds duplicate and prototype keys', async () => {
    const report = await run({ 'a.json': '{"a": 1, "a": 2}', 'b.yml': '__proto__: 1' });
    expect(report.findings.map(({ ruleId }) => ruleId)).toEqual([
      'schema/duplicate-key',
      'schema/prototype-key',
    ]);
  });

  it('is a warning when the source has it too', async () => {
    const source = await run({ 'core/a.md': '```yaml\na: [1\n```\n' });
    const delivered = {
      ...file('docs/a.md', 'new first line\n\n```yaml\na: [1\n```\n'),
      sourcePath: 'core/a.md',
    };
    const check = schemaCheck({ knownBroken: knownBreakage(source.findings) });
    const report = await validate([delivered], [check], context);
    expect([source.blocked, report.blocked, report.findings[0]?.severity]).toEqual([
      true,
      false,
      'warning',
    ]);
  });
});

describe('schemas', () => {
  it.each(Object.entries(uri))('compile under %s', async (dialect, $schema) => {
    const id = dialect === 'draft-04' ? 'id' : '$id';
    const good = JSON.stringify({
      $schema,
      [id]: 'https://a.example/b.json',
      type: 'object',
      properties: { a: { type: 'string' } },
    });
    const bad = JSON.stringify({ $schema, type: 'strang' });
    const report = await run({
      'good.json': good,
      'bad.json': bad,
      'good.yaml': `$schema: ${$schema}\ntype: object\n`,
    });
    expect(new Set(report.findings.map(({ path, ruleId }) => `${path} ${ruleId}`))).toEqual(
      new Set(['bad.json schema/invalid-schema']),
    );
    expect(details(report)).toContain('3 schemas validated');
  });

  it('mean what their own version says', async () => {
    const exclusive = (dialect: keyof typeof uri, exclusiveMaximum: unknown) =>
      JSON.stringify({ $schema: uri[dialect], maximum: 3, exclusiveMaximum });
    const report = await run({
      '04.json': exclusive('draft-04', true),
      '07.json': exclusive('draft-07', true),
      '07-number.json': exclusive('draft-07', 3),
    });
    expect(report.findings.map(({ path, range }) => [path, range?.start.column])).toEqual([
      ['07.json', 85],
    ]);
  });

  it('of a version that cannot be checked are a warning', async () => {
    const report = await run({
      'a.json': '{"$schema": "http://json-schema.org/draft-03/schema#"}',
    });
    expect(list(report)).toEqual([
      'a.json:1:13 warning schema/unsupported-dialect: its $schema "http://json-schema.org/draft-03/schema#" is not a version of JSON Schema that can be checked',
    ]);
  });

  it('find what they refer to among the files, by path and by $id', async () => {
    const report = await run({
      's/a.json': JSON.stringify({
        $schema: uri['draft-07'],
        $id: './a.json',
        properties: { b: { $ref: 'b.json#/definitions/x' }, c: { $ref: 'https://c.example/c' } },
      }),
      's/b.json': JSON.stringify({
        $schema: uri['draft-07'],
        definitions: { x: { $ref: '../d.yaml' } },
      }),
      'c.json': JSON.stringify({
        $schema: uri['draft-07'],
        $id: 'https://c.example/c',
        type: 'number',
      }),
      'd.yaml': 'type: string\n',
      'i.json': JSON.stringify({ $schema: './s/a.json', b: 1, c: 'x' }),
    });
    expect(list(report)).toEqual([
      'i.json:1:29 error schema/invalid: /b must be string, got 1',
      'i.json:1:35 error schema/invalid: /c must be number, got "x"',
    ]);
  });

  it('that refer outside are an error at the reference; nothing is fetched', async () => {
    const report = await run({
      'a.json': `{"$schema": "${uri['2020-12']}",\n "items": {"$ref": "https://x.example/y.json#/z"}}`,
    });
    expect(list(report)).toEqual([
      'a.json:2:20 error schema/external-ref: the $ref leads to https://x.example/y.json, which is not at hand; nothing is fetched',
    ]);
  });
});

describe('documents', () => {
  const schema = JSON.stringify({
    $schema: uri['2020-12'],
    type: 'object',
    required: ['name'],
    properties: { kind: { enum: ['a', 'b'] }, $schema: {} },
    additionalProperties: false,
    patternProperties: { '^n': { pattern: '^[a-z]+$' } },
  });

  it('are validated against the schema that the rule binds, wherever it lies', async () => {
    const bound = (path: string) => path.startsWith('data/');
    const contents = {
      'data/x.yaml': 'name: UP\nkind: c\nother: 1\n',
      'data/y.json': '{"name": "ok"}',
    };
    const tree = { kind: () => 'file' as const, read: () => Promise.resolve(Buffer.from(schema)) };
    const expected = [
      'data/x.yaml:1:7 error schema/invalid: /name must match pattern "^[a-z]+$"',
      'data/x.yaml:2:7 error schema/invalid: /kind must be one of "a", "b", got "c"',
      'data/x.yaml:3:8 error schema/invalid: the value must not have the property "other"',
    ];
    const among = await run(
      { ...contents, 's.json': schema },
      { schemas: [{ files: bound, schema: 's.json' }] },
    );
    expect(list(among)).toEqual(expected);
    const given = await run(contents, {
      schemas: [{ files: bound, schema: 'no/s.json', content: Buffer.from(schema) }],
    });
    expect(list(given)).toEqual(expected);
    const inTree = await validate(
      files(contents),
      [schemaCheck({ schemas: [{ files: bound, schema: 't/s.json' }] })],
      { ...context, tree },
    );
    expect(list(inTree)).toEqual(expected);
  });

  it('are validated against the schema that they name', async () => {
    const report = await run({
      's.json': schema,
      'a/x.json': '{"$schema": "../s.json"}',
      'a/y.yaml': '# yaml-language-server: $schema=../s.json\nname: 1x\n',
    });
    expect(report.findings.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'a/x.json the value must have the property "name"',
      'a/y.yaml /name must match pattern "^[a-z]+$"',
    ]);
  });

  it('whose schema is missing are an error; whose schema lies on the network, a note', async () => {
    const report = await run(
      {
        'a.json': '{"$schema": "./no.json"}',
        'b.json': '{"$schema": "https://s.example/b.json"}',
        'c.yaml': 'a: 1',
      },
      { schemas: [{ files: (path) => path === 'c.yaml', schema: 'none.json' }] },
    );
    expect(list(report)).toEqual([
      'a.json:1:13 error schema/missing-schema: its schema ./no.json is not there, or does not parse',
      'b.json:1:13 info schema/unknown-schema: not validated: its schema https://s.example/b.json is not among the files, and nothing is fetched',
      'c.yaml:1:1 error schema/missing-schema: its schema none.json is not there, or does not parse',
    ]);
  });

  it('are told causes, not what follows from them', async () => {
    const strict = JSON.stringify({
      $schema: uri['2019-09'],
      properties: { kind: { const: 'a' } },
      if: { required: ['kind'] },
      then: { required: ['extra'] },
      unevaluatedProperties: false,
    });
    const report = await run({
      's.json': strict,
      'x.json': '{"$schema": "./s.json", "kind": "b"}',
    });
    expect(report.findings.map(({ message }) => message)).toEqual([
      'the value must have the property "extra"',
      '/kind must be "a", got "b"',
    ]);
  });
});

describe('hostile schemas', () => {
  it('that never end, or take exponential time, are reported as too costly', async () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_, level) => {
        const next = { $ref: `#/definitions/d${level + 1}` };
        return [`d${level}`, { allOf: [next, next] }];
      }),
    );
    const report = await run({
      'self.json': JSON.stringify({ $schema: uri['2020-12'], $ref: '#' }),
      'double.json': JSON.stringify({
        $schema: uri['draft-07'],
        definitions: { ...doubling, d40: {} },
        allOf: [{ $ref: '#/definitions/d0' }],
      }),
      'a.json': '{"$schema": "./self.json"}',
      'b.json': '{"$schema": "./double.json"}',
    });
    expect(report.findings.map(({ path, ruleId }) => `${path} ${ruleId}`)).toEqual([
      'a.json schema/too-costly',
      'b.json schema/too-costly',
    ]);
  });

  it('with a pattern built to backtrack run in linear time', async () => {
    const report = await run({
      's.json': JSON.stringify({
        $schema: uri['2020-12'],
        properties: { a: { pattern: '^(a+)+$' } },
      }),
      'a.json': JSON.stringify({ $schema: './s.json', a: `${'a'.repeat(50_000)}!` }),
    });
    expect(report.findings.map(({ ruleId }) => ruleId)).toEqual(['schema/invalid']);
  });

  it('have no quarrel with the $schema that a document names them by', async () => {
    const report = await run({
      's.json': JSON.stringify({
        $schema: uri['draft-07'],
        additionalProperties: false,
        properties: { a: { type: 'integer' } },
      }),
      'a.json': '{"$schema": "./s.json", "a": 1}',
      'b.json': '{"$schema": "./s.json", "a": 1, "b": {"$schema": 1}}',
    });
    expect(report.findings.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'b.json the value must not have the property "b"',
    ]);
  });

  it.each([
    ['a document that looks like one', '(?=x)x', 'x', []],
    ['a document that does not', '^(?!pattern$).*$', 'pattern', ['a.json error schema/invalid']],
    [
      'a pattern that does not end',
      '^(?=(a+)+$)b',
      `${'a'.repeat(60)}!`,
      ['a.json warning schema/undecided'],
    ],
    ['a value of another type', '(?=x)y', 1, ['a.json error schema/invalid']],
  ])('with a pattern that needs look-around decide %s', async (_, pattern, a, found) => {
    const report = await run({
      's.json': JSON.stringify({
        $schema: uri['2020-12'],
        properties: { a: { pattern, type: 'string' } },
      }),
      'a.json': JSON.stringify({ $schema: './s.json', a }),
    });
    expect(
      report.findings.map(({ path, severity, ruleId }) => `${path} ${severity} ${ruleId}`),
    ).toEqual(found);
  });

  it('say in the row what was not decided', async () => {
    const report = await run({
      's.json': JSON.stringify({
        $schema: uri['2020-12'],
        not: { properties: { a: { pattern: '^(?=(a+)+$)b' } } },
      }),
      'a.json': JSON.stringify({ $schema: './s.json', a: `${'a'.repeat(60)}!` }),
    });
    expect(report.sync_validation.checks[0]).toEqual({
      name: 'schema_check',
      status: 'warn',
      details:
        '1 schema validated, 1 document checked against a schema, 2 documents parsed, 1 not decided',
    });
  });
});

describe('what people write', () => {
  it.each([
    ['https', 'https://json-schema.org/draft-07/schema#'],
    ['draft/2020-12 under http', 'http://json-schema.org/draft/2020-12/schema'],
    ['no version', 'http://json-schema.org/schema#'],
  ])('$schema with %s', async (_, $schema) => {
    const report = await run({
      's.json': JSON.stringify({ $schema, type: 'object', properties: { a: { type: 'strin' } } }),
    });
    expect(list(report)).toEqual([
      expect.stringContaining('schema/invalid-schema: /properties/a/type must be one of'),
    ]);
  });

  it('a $ref to the schema of another version', async () => {
    const report = await run({
      's.json': JSON.stringify({
        $schema: uri['2020-12'],
        properties: { schema: { $ref: 'http://json-schema.org/draft-07/schema#' } },
      }),
      'a.json': JSON.stringify({ $schema: './s.json', schema: { type: 'strin' } }),
    });
    expect(list(report)).toEqual([
      expect.stringContaining('a.json:1:40 error schema/invalid: /schema/type must be one of'),
    ]);
  });

  it('comment-only YAML is null, and is validated', async () => {
    const report = await run(
      { 'a.yaml': '# nothing yet\n', 's.json': '{"type": "object"}' },
      { schemas: [{ files: (path) => path === 'a.yaml', schema: 's.json' }] },
    );
    expect(list(report)).toEqual([
      'a.yaml:1:1 error schema/invalid: the value must be object, got null',
    ]);
  });

  it('one wrong type is one finding', async () => {
    const report = await run(
      {
        'a.yaml': 'ports: 80\n',
        's.json': JSON.stringify({
          properties: {
            ports: {
              minItems: 1,
              oneOf: [{ type: 'array' }, { $ref: '#/$defs/text' }, { type: 'null' }],
            },
          },
          $defs: { text: { type: 'string', minLength: 1 } },
        }),
      },
      { schemas: [{ files: (path) => path === 'a.yaml', schema: 's.json' }] },
    );
    expect(list(report)).toEqual([
      'a.yaml:1:8 error schema/invalid: /ports must be array or string or null, got 80',
    ]);
  });

  it.each([
    ['marked lines', '```json\n{\n  "a": 1, // [!code --]\n  "a": 2 // [!code ++]\n}\n```'],
    ['JSON lines', '```json\n{"a": 1}\n{"a": 2}\n```'],
    ['JSON lines by name', '```json lines\n{"a": 1}\n\n{"a": 2}\n```'],
    ['comments', '```jsonc\n{"a": 1, // x\n}\n```'],
    ['a member', '```json\n"key": {"a": 1}\n```'],
    ['a member with a comma behind', '```json\n"key": {"a": 1},\n```'],
  ])('a block with %s', async (_, text) => {
    expect(list(await run({ 'a.md': text }))).toEqual([]);
  });

  it.each([
    [
      'Helm',
      'chart/templates/a.yaml',
      '{{- if .Values.a }}\nkind: A\nname: {{ include "x" . }}\n{{- end }}\n',
    ],
    ['a value', 'a.yaml', 'name: {{ name }}\nport: {{ .Values.port }}\n'],
    ['Jinja', 'a.yml', '{% for x in y %}\n- {{ x }}\n{% endfor %}\n'],
    ['JSON', 'a.json', '{"a": {{ a | tojson }}}'],
  ])('a template: %s', async (_, path, text) => {
    const report = await run({ [path]: text });
    expect([list(report), report.sync_validation.checks[0]?.details]).toEqual([
      [],
      '0 schemas validated, 0 documents checked against a schema, 0 documents parsed, 1 template file not parsed',
    ]);
  });

  it.each([
    ['a workflow', '.github/workflows/a.yml', 'name: ${{ github.ref }}\n  on: push\n'],
    ['plain text', 'a.yaml', 'a: 1\n b: 2\n'],
    ['JSON', 'a.json', '{"a": "{{ x }}", }'],
  ])('but not %s that is broken', async (_, path, text) => {
    expect(list(await run({ [path]: text }))).toEqual([expect.stringContaining('schema/syntax')]);
  });
});
