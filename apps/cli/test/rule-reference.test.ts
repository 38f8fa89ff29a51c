import { ruleJsonSchema } from '@holdfast/manifest';
import { expect, test } from 'vitest';

interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** The keys of a schema as nested lists: name, what it may be, what it means. */
function renderKeys({ properties = {}, required = [] }: Schema, depth = 0): string[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const facts = [
      describeType(schema),
      required.includes(key) ? 'required' : describeDefault(schema),
    ];
    const words = facts.filter(Boolean).join(', ');
    const text = (schema.description ?? '').replaceAll(/[*<]/g, '\\$&');
    const line = `${'  '.repeat(depth)}- \`${key}\` (${words})${text === '' ? '' : `: ${text}`}`;
    return [line, ...partsOf(schema).flatMap((part) => renderKeys(part, depth + 1))];
  });
}

/** What has keys of its own within a value: each shape once. */
function partsOf(schema: Schema): Schema[] {
  const parts = [schema, ...(schema.anyOf ?? [])].flatMap((part) => [part, part.items ?? {}]);
  const known = new Map(
    parts.flatMap((part) => (part.properties ? [[JSON.stringify(part.properties), part]] : [])),
  );
  return [...known.values()];
}

function describeType({ type, enum: choices, const: value, anyOf, items }: Schema): string {
  if (value !== undefined) return code(value);
  if (choices) return choices.map(code).join(' or ');
  if (anyOf) return [...new Set(anyOf.map(describeType))].join(' or ');
  if (type === 'array') return `list${items ? ` of ${describeType(items)}` : ''}`;
  return [type ?? 'any value'].flat().join(' or ').replaceAll('object', 'mapping');
}

function describeDefault({ default: value }: Schema): string {
  const isEmpty = typeof value === 'object' && Object.keys(value ?? {}).length === 0;
  return value === undefined || isEmpty ? '' : `default ${code(value)}`;
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

test('docs/rules.md is what the schema of rules says', async () => {
  const { properties = {} } = ruleJsonSchema() as Schema;
  const text = [
    '# Rules',
    '',
    'A rule says what goes from the source to a target, and how. A file holds one or several, each a YAML document with the key `sync_rule`. This page is made of the JSON Schema that `holdfast schema rule` prints.',
    '',
    ...renderKeys(properties['sync_rule'] ?? {}),
    '',
  ].join('\n');
  expect(text.length).toBeGreaterThan(3_000);
  await expect(text).toMatchFileSnapshot('../docs/rules.md');
});
