import { describe, expect, it } from 'vitest';
import { createRunWithin } from '../test/run-within-vm.js';
import {
  createSchemaCompiler,
  type CompilerOptions,
  type SchemaSource,
  type Verdict,
} from './index.js';

function compilationOf(
  schema: unknown,
  source: Partial<SchemaSource> = {},
  options: CompilerOptions = {},
) {
  return createSchemaCompiler(options)({ schema, ...source });
}

function verdictOf(
  schema: unknown,
  value: unknown,
  source: Partial<SchemaSource> = {},
  options: CompilerOptions = {},
): Verdict {
  const compilation = compilationOf(schema, source, options);
  if (compilation.kind === 'refused') throw new Error(JSON.stringify(compilation.problems));
  return compilation.schema.validate(value);
}

function errorsOf(schema: unknown, value: unknown): string[] {
  const verdict = verdictOf(schema, value);
  if (verdict.kind === 'undecided') throw new Error(verdict.reason);
  return verdict.kind === 'valid' ? [] : verdict.errors.map(({ message }) => message);
}

function problemsOf(schema: unknown, source: Partial<SchemaSource> = {}): string[] {
  const compilation = compilationOf(schema, source);
  if (compilation.kind === 'compiled') return [];
  return compilation.problems.map(({ kind, pointer, message }) => `${pointer} ${kind}: ${message}`);
}

describe('each version by its own rules', () => {
  it.each([
    ['draft-04', { minimum: 1, exclusiveMinimum: true }, 1, 2],
    ['draft-06', { exclusiveMinimum: 1 }, 1, 2],
    ['draft-07', { if: { const: 1 }, then: false }, 1, 2],
    ['2019-09', { dependentRequired: { a: ['b'] } }, { a: 1 }, { a: 1, b: 1 }],
    ['2020-12', { prefixItems: [{ const: 1 }] }, [2], [1]],
  ] as const)('%s', (dialect, schema, bad, good) => {
    expect(verdictOf(schema, bad, { dialect }).kind).toBe('invalid');
    expect(verdictOf(schema, good, { dialect }).kind).toBe('valid');
  });

  it.each([
    'http://json-schema.org/draft-07/schema#',
    'http://json-schema.org/draft-07/schema',
    'https://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft-04/schema',
    'http://json-schema.org/draft/2020-12/schema#',
    'https://json-schema.org/draft/2019-09/schema',
    'http://json-schema.org/schema#',
    'http://json-schema.org/draft-06/hyper-schema#',
  ])('$schema %s', ($schema) => {
    expect(verdictOf({ $schema, type: 'string' }, 1).kind).toBe('invalid');
    expect(verdictOf({ $schema, type: 'string' }, 'x').kind).toBe('valid');
  });

  it.each(['http://json-schema.org/draft-03/schema#', 'https://example.org/my-dialect'])(
    'refuses %s',
    ($schema) => {
      expect(problemsOf({ $schema })).toEqual([
        `/$schema unsupported-dialect: its $schema "${$schema}" is not a version of JSON Schema that can be checked`,
      ]);
    },
  );
});

describe('a schema that is none', () => {
  it.each<[unknown, string]>([
    [
      { type: 'strin' },
      '/type invalid-schema: /type must be one of "array", "boolean", "integer", "null", "number", "object", "string", got "strin"',
    ],
    [
      { properties: { a: { minLength: -1 } } },
      '/properties/a/minLength invalid-schema: /properties/a/minLength must be >= 0',
    ],
    [[], ' invalid-schema: a schema must be an object'],
    [
      { $ref: 'other.json#/a' },
      '/$ref missing-reference: the $ref leads to other.json, which is not at hand; nothing is fetched',
    ],
    [
      { $ref: '#/$defs/a' },
      " invalid-schema: can't resolve reference #/$defs/a from id file:///schema.json",
    ],
    [
      { pattern: '(' },
      ' invalid-schema: the pattern is no regular expression: Invalid regular expression: /(/: Unterminated group',
    ],
  ])('%j', (schema, problem) => {
    expect(problemsOf(schema)).toEqual([problem]);
  });

  it('may not be without bounds', () => {
    const deep = Array.from({ length: 100_000 }).reduce<object>((inner) => ({ not: inner }), {});
    expect(problemsOf(deep)[0]).toContain('too-costly');
    const wide = { enum: Array.from({ length: 10 }, (_, index) => index), properties: {} };
    Object.assign(wide.properties, Object.fromEntries([...'abcdefgh'].map((key) => [key, {}])));
    const compile = createSchemaCompiler({ limits: { maxSchemaSize: 8 } });
    expect(compile({ schema: wide })).toMatchObject({ problems: [{ kind: 'too-large' }] });
  });

  it('may be true or false', () => {
    expect(verdictOf(true, 1).kind).toBe('valid');
    expect(verdictOf(false, 1).kind).toBe('invalid');
    expect(problemsOf(true, { dialect: 'draft-04' })).toEqual([
      ' invalid-schema: a schema must be an object',
    ]);
  });
});

describe('references', () => {
  const lookUp = (documents: Record<string, unknown>) => (uri: string) => documents[uri];

  it('lead to other documents, and back', () => {
    const documents = {
      'file:///s/b.json': { properties: { a: { $ref: 'a.json' }, n: { type: 'number' } } },
    };
    const schema = { properties: { b: { $ref: 'b.json' } }, additionalProperties: false };
    const source = { uri: 'file:///s/a.json', lookUp: lookUp(documents) };
    expect(verdictOf(schema, { b: { a: { b: { n: 1 } } } }, source).kind).toBe('valid');
    expect(verdictOf(schema, { b: { a: { b: { n: '1' } } } }, source)).toMatchObject({
      errors: [{ keyword: 'type', instancePath: '/b/a/b/n' }],
    });
    expect(verdictOf(schema, { b: { a: { x: 1 } } }, source).kind).toBe('invalid');
  });

  it.each([
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft-07/schema',
    'http://json-schema.org/draft-04/schema#',
    'http://json-schema.org/draft-06/schema',
    'https://json-schema.org/draft/2019-09/schema',
    'http://json-schema.org/draft/2020-12/schema#',
  ])('lead to the schema of another version: %s', ($ref) => {
    for (const dialect of ['draft-04', 'draft-07', '2019-09', '2020-12'] as const) {
      const schema = { properties: { schema: { $ref } } };
      expect(verdictOf(schema, { schema: { type: 'string' } }, { dialect }).kind).toBe('valid');
      expect(verdictOf(schema, { schema: { type: 'strin' } }, { dialect })).toMatchObject({
        kind: 'invalid',
        errors: [{ instancePath: '/schema/type' }],
      });
    }
  });

  it('lead to a part of it', () => {
    const $ref = 'http://json-schema.org/draft-07/schema#/definitions/nonNegativeInteger';
    expect(verdictOf({ $ref }, 1).kind).toBe('valid');
    expect(verdictOf({ $ref }, -1).kind).toBe('invalid');
    const core = { $ref: 'https://json-schema.org/draft/2020-12/meta/core' };
    expect(verdictOf(core, { $id: 1 }, { dialect: 'draft-07' }).kind).toBe('invalid');
  });

  it('a document of another version keeps its own rules', () => {
    const documents = {
      'file:///old.json': {
        $schema: 'http://json-schema.org/draft-04/schema#',
        definitions: { positive: { id: '#pos', minimum: 0, exclusiveMinimum: true } },
        properties: { back: { $ref: 'schema.json' } },
      },
    };
    const schema = {
      properties: {
        a: { $ref: 'old.json#/definitions/positive' },
        b: { $ref: 'old.json#pos' },
        c: { $ref: 'old.json' },
      },
      additionalProperties: false,
    };
    const source = { lookUp: lookUp(documents) };
    expect(verdictOf(schema, { a: 1, b: 1, c: { back: { a: 2 } } }, source).kind).toBe('valid');
    expect(verdictOf(schema, { a: 0, b: 0 }, source)).toMatchObject({
      errors: [{ instancePath: '/a' }, { instancePath: '/b' }],
    });
    expect(verdictOf(schema, { c: { back: { x: 1 } } }, source)).toMatchObject({
      errors: [{ instancePath: '/c/back/x' }],
    });
  });

  it('an invalid document behind a reference is the schema’s problem', () => {
    const source = { lookUp: lookUp({ 'file:///b.json': { type: 7 } }) };
    expect(problemsOf({ $ref: 'b.json' }, source)[0]).toContain(
      '/$ref invalid-schema: the schema file:///b.json that it refers to is not valid: /type must be one of',
    );
  });
});

describe('what cannot be decided', () => {
  const lookAhead = '^(?!pattern$).*$';

  it('is decided by the platform within a time limit', () => {
    const runWithin = createRunWithin();
    for (const [value, kind] of [
      ['other', 'valid'],
      ['pattern', 'invalid'],
    ]) {
      expect(verdictOf({ pattern: lookAhead }, value, {}, { runWithin }).kind).toBe(kind);
    }
  });

  it.each<[string, unknown, unknown, Verdict['kind']]>([
    ['pattern', { pattern: lookAhead }, 'x', 'undecided'],
    ['in not', { not: { pattern: lookAhead } }, 'x', 'undecided'],
    ['in if', { if: { pattern: lookAhead }, then: false }, 'x', 'undecided'],
    ['in oneOf', { oneOf: [{ pattern: lookAhead }, { maxLength: 3 }] }, 'x', 'undecided'],
    [
      'as a name',
      { patternProperties: { [lookAhead]: { type: 'number' } } },
      { x: 'y' },
      'undecided',
    ],
    ['not asked', { pattern: lookAhead }, 7, 'valid'],
    ['valid anyway', { anyOf: [{ pattern: lookAhead }, { maxLength: 3 }] }, 'x', 'valid'],
    [
      'valid as a name',
      { patternProperties: { [lookAhead]: { type: 'number' } } },
      { x: 1 },
      'valid',
    ],
    ['invalid anyway', { pattern: lookAhead, maxLength: 3 }, 'long', 'invalid'],
    [
      'the same twice',
      { if: { pattern: lookAhead }, else: { not: { pattern: lookAhead } } },
      'x',
      'valid',
    ],
  ])('never counts as pass or fail: %s', (_, schema, value, kind) => {
    expect(verdictOf(schema, value).kind).toBe(kind);
  });

  it('says why', () => {
    expect(verdictOf({ pattern: lookAhead }, 'x')).toEqual({
      kind: 'undecided',
      cause: 'pattern',
      reason:
        'it depends on the pattern "^(?!pattern$).*$", which cannot be matched in bounded time',
    });
    expect(compilationOf({ pattern: lookAhead })).toMatchObject({
      hardPatterns: [{ pattern: lookAhead, reason: expect.stringContaining('(?!') as string }],
    });
  });

  it('many unknown answers end', () => {
    const schema = { items: { pattern: lookAhead } };
    const value = Array.from({ length: 1000 }, (_, index) => `x${index}`);
    expect(verdictOf(schema, value).kind).toBe('undecided');
  });

  it('a hostile pattern is given up after its first match without an end', () => {
    const schema = { items: { pattern: '^(?=(a+)+$)b' } };
    const value = Array.from({ length: 50 }, (_, index) => `${'a'.repeat(40)}${index}`);
    const options = { runWithin: createRunWithin(), limits: { patternTimeoutMs: 50 } };
    expect(verdictOf(schema, value, {}, options).kind).toBe('undecided');
  });

  it('a hostile schema is given up', () => {
    const options = { runWithin: createRunWithin(), limits: { timeoutMs: 100 } };
    const schema = { $defs: { a: { anyOf: Array(9).fill({ items: { $ref: '#/$defs/a' } }) } } };
    const value = JSON.parse(`${'['.repeat(12)}1${']'.repeat(12)}`) as unknown;
    const costly = { ...schema, not: { $ref: '#/$defs/a' } };
    expect(verdictOf(costly, value, {}, options)).toEqual({
      kind: 'undecided',
      cause: 'cost',
      reason: 'validating did not end within 100 ms',
    });
    expect(verdictOf({ $ref: '#' }, 1)).toMatchObject({ kind: 'undecided' });
  });

  it('linear patterns need no help', () => {
    expect(verdictOf({ pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}b`).kind).toBe('invalid');
    expect(verdictOf({ pattern: '^\\p{Lu}\\w*$' }, 'Üü').kind).toBe('invalid');
    expect(verdictOf({ pattern: '^\\p{Lu}\\D*$' }, 'Über').kind).toBe('valid');
  });
});

describe('Unicode properties', () => {
  it.each<[string, string, string]>([
    ['^\\p{Letter}+$', 'Ü', '1'],
    ['^\\p{Script=Greek}+$', 'λ', 'l'],
    ['^[_\\p{Alphabetic}-]+$', '_é-', '!'],
    ['^\\P{Letter}$', '1', 'a'],
    ['^[^\\p{gc=Nd}]$', 'a', '٣'],
    ['^\\\\p\\{Letter\\}$', '\\p{Letter}', 'a'],
  ])('%s', (pattern, good, bad) => {
    expect(compilationOf({ pattern })).toMatchObject({ hardPatterns: [] });
    expect(verdictOf({ pattern }, good).kind).toBe('valid');
    expect(verdictOf({ pattern }, bad).kind).toBe('invalid');
  });

  it('that nobody knows make no pattern', () => {
    expect(compilationOf({ pattern: '\\p{Klingon}' }).kind).not.toBe('refused');
  });
});

describe('one mistake is one error', () => {
  it.each<[string, unknown, unknown, string[]]>([
    [
      'a wrong type',
      { type: 'object', required: ['a'] },
      'x',
      ['the value must be object, got "x"'],
    ],
    [
      'alternatives of other types',
      { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
      7,
      ['the value must be string or array, got 7'],
    ],
    [
      'alternatives behind references',
      {
        $defs: { s: { type: 'string' }, n: { type: 'null' } },
        oneOf: [{ $ref: '#/$defs/s' }, { $ref: '#/$defs/n' }],
      },
      7,
      ['the value must be string or null, got 7'],
    ],
    [
      'the closest alternative',
      {
        properties: {
          a: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
        },
      },
      { a: ['x', 1] },
      ['/a/1 must be string, got 1'],
    ],
    [
      'alternatives told apart by a property',
      {
        oneOf: [
          { properties: { kind: { const: 'a' }, size: { type: 'number' } } },
          { properties: { kind: { const: 'b' }, name: { type: 'string' } } },
        ],
      },
      { kind: 'a', size: '1' },
      ['/size must be number, got "1"'],
    ],
    [
      'several ways to the same',
      { allOf: [{ required: ['a'] }, { required: ['a'] }] },
      {},
      ['the value must have the property "a"'],
    ],
    [
      'what follows from another',
      { properties: { a: { type: 'string' } }, unevaluatedProperties: false },
      { a: 1 },
      ['/a must be string, got 1'],
    ],
    [
      'errors beside alternatives',
      {
        properties: { a: { anyOf: [{ type: 'string' }, { type: 'null' }] }, b: { type: 'string' } },
      },
      { a: 1, b: 2 },
      ['/a must be string or null, got 1', '/b must be string, got 2'],
    ],
    [
      'too long a list',
      { enum: Array.from({ length: 20 }, (_, index) => index) },
      'x'.repeat(100),
      [
        `the value must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more, got "${'x'.repeat(56)}…`,
      ],
    ],
  ])('%s', (_, schema, value, errors) => {
    expect(errorsOf(schema, value)).toEqual(errors);
  });

  it('places a property that must not be there, and names the keyword', () => {
    const schema = { properties: { a: { additionalProperties: false } } };
    expect(verdictOf(schema, { a: { 'x/y': 1 } })).toEqual({
      kind: 'invalid',
      errors: [
        {
          keyword: 'additionalProperties',
          instancePath: '/a/x~1y',
          schemaPath: '/properties/a/additionalProperties',
          message: '/a must not have the property "x/y"',
        },
      ],
    });
  });
});

describe('documents that are built to hurt', () => {
  it('properties named like members of Object are data', () => {
    const value = JSON.parse('{"valueOf": 1, "toString": 2, "__proto__": {"a": 1}}') as unknown;
    for (const keyword of ['const', 'enum']) {
      const schema = { [keyword]: keyword === 'enum' ? [value] : value };
      expect(verdictOf(schema, value).kind).toBe('valid');
      expect(verdictOf(schema, { valueOf: 1 }).kind).toBe('invalid');
    }
    expect(verdictOf({ required: ['constructor'] }, {}).kind).toBe('invalid');
    expect(verdictOf({ properties: { a: { type: 'string' } } }, value).kind).toBe('valid');
  });

  it('unique items are told in linear time, whatever the order of keys', () => {
    const items = Array.from({ length: 50_000 }, (_, index) => ({ a: index, b: [index] }));
    expect(verdictOf({ uniqueItems: true }, items).kind).toBe('valid');
    expect(verdictOf({ uniqueItems: true }, [...items, { b: [7], a: 7 }]).kind).toBe('invalid');
    expect(verdictOf({ uniqueItems: true }, [1, '1', [1], { a: 1 }, true]).kind).toBe('valid');
    expect(verdictOf({ uniqueItems: false }, [1, 1]).kind).toBe('valid');
  });

  it('a schema is text, never code', () => {
    const text = '");globalThis.hurt=1;//';
    const schema = { properties: { [text]: { const: text, pattern: 'x' } }, required: [text] };
    expect(verdictOf(schema, { [text]: 1 }).kind).toBe('invalid');
    expect('hurt' in globalThis).toBe(false);
  });

  it('130,000 errors are told', () => {
    const value = Array.from({ length: 130_000 }, () => 'x');
    expect(errorsOf({ items: { type: 'number' } }, value)).toHaveLength(130_000);
  });
});

it('a document may name its schema', () => {
  const schema = { properties: { a: {} }, additionalProperties: false };
  expect(verdictOf(schema, { $schema: 'x.json', a: 1 }).kind).toBe('valid');
  expect(errorsOf(schema, { $schema: 'x.json', b: 1 })).toEqual([
    'the value must not have the property "b"',
  ]);
});
