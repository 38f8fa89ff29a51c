import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineCommand } from './command.js';
import { documentSchema, inputSchema } from './command-schema.js';

const sample = defineCommand({
  name: 'sample',
  summary: 'a command of every kind of parameter',
  group: 'Look',
  effects: { readOnly: true },
  arguments: {
    path: { description: 'a path' },
    numbers: { description: 'numbers', minimum: 1, optional: true, repeatable: true },
  },
  options: {
    release: { value: 'tag', description: 'a release', conflicts: ['ref'] },
    ref: { value: 'revision', description: 'a commit' },
    skip: { value: 'id', description: 'not this', choices: ['links', 'schemas'], repeatable: true },
    format: { value: 'form', description: 'the form', choices: ['text', 'json'], default: 'text' },
    dryRun: { description: 'only plan' },
  },
  document: async () => z.object({ items: z.array(z.string()) }),
  run: async (_context, { path, numbers, format, skip = [] }) => ({
    exitCode: 0,
    document: { items: [path, ...numbers.map((number) => number.toFixed()), format, ...skip] },
    text: () => '',
  }),
});

describe('inputSchema', () => {
  test('takes what the command line would take, and fills in defaults', () => {
    expect(inputSchema(sample).parse({ path: 'a.md', skip: ['links'], dryRun: true })).toEqual({
      path: 'a.md',
      numbers: [],
      format: 'text',
      skip: ['links'],
      dryRun: true,
    });
  });

  test.each([
    ['without what is required', {}],
    ['a value that is no choice', { path: 'a', format: 'xml' }],
    ['a number below the least', { path: 'a', numbers: [0] }],
    ['a flag that is false', { path: 'a', dryRun: false }],
    ['a key that is none', { path: 'a', colour: 'red' }],
    ['options that conflict', { path: 'a', release: 'v1', ref: 'main' }],
  ])('refuses %s', (_name, input) => {
    expect(inputSchema(sample).safeParse(input).success).toBe(false);
  });

  test('becomes a JSON Schema with the descriptions of the help', () => {
    expect(z.toJSONSchema(inputSchema(sample), { io: 'input' })).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['path'],
      properties: {
        path: { type: 'string', description: 'a path' },
        skip: { type: 'array', items: { enum: ['links', 'schemas'] } },
        format: { default: 'text', description: 'the form' },
      },
    });
  });
});

describe('documentSchema', () => {
  test('adds what every document begins with', async () => {
    const schema = await documentSchema(sample);
    expect(
      schema?.safeParse({ holdfast: 1, command: 'sample', exitCode: 0, items: [] }).success,
    ).toBe(true);
    expect(
      schema?.safeParse({ holdfast: 1, command: 'plan', exitCode: 0, items: [] }).success,
    ).toBe(false);
  });

  test('is none where the command declares none', async () => {
    const { document: _document, ...bare } = sample;
    expect(await documentSchema(bare)).toBeUndefined();
  });
});
