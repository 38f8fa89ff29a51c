import type { AggregateOperation, Mapping } from '@holdfast/catalog-diff/render';

/** What an aggregate is asked to do, or why it is not done. */
export type Selection<Operation> =
  | { readonly kind: 'selected'; readonly operation: Operation }
  | { readonly kind: 'refused'; readonly message: string };

/** A mapped object, or why there is none. */
export type Mapped =
  | { readonly kind: 'mapped'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly message: string };

type Given = Readonly<Record<string, unknown>>;

/** Finds the operation that the arguments select, by its value or an alias. */
export function selectOperation<Operation extends Pick<AggregateOperation, 'value' | 'aliases'>>(
  given: Given,
  {
    selectorField,
    isCaseInsensitive,
    operations,
  }: {
    readonly selectorField: string;
    readonly isCaseInsensitive: boolean;
    readonly operations: readonly Operation[];
  },
): Selection<Operation> {
  const wanted = readPath(given, selectorField);
  const names = operations.map(({ value }) => JSON.stringify(value)).join(', ');
  if (typeof wanted !== 'string')
    return { kind: 'refused', message: `${selectorField} must be one of ${names}` };
  const fold = (text: string): string => (isCaseInsensitive ? text.toLowerCase() : text);
  const operation = operations.find(({ value, aliases }) =>
    [value, ...aliases].some((name) => fold(name) === fold(wanted)),
  );
  return operation === undefined
    ? {
        kind: 'refused',
        message: `${selectorField} must be one of ${names}, got ${JSON.stringify(wanted).slice(0, 100)}`,
      }
    : { kind: 'selected', operation };
}

/**
 * Makes the arguments of the downstream tool. Without mappings they are what was given, but for the selector.
 */
export function mapArguments(
  given: Given,
  { argumentMappings, requireAnyOf }: Pick<AggregateOperation, 'argumentMappings' | 'requireAnyOf'>,
  selectorField: string,
): Mapped {
  for (const names of requireAnyOf)
    if (!names.some((name) => (readPath(given, name) ?? null) !== null))
      return { kind: 'refused', message: `one of ${names.join(', ')} is required` };
  if (argumentMappings.length === 0) {
    const { [selectorField]: _, ...rest } = given;
    return { kind: 'mapped', value: rest };
  }
  return applyMappings(argumentMappings, [given]);
}

/**
 * Makes the structured content of an aggregate from a downstream result. Sources are looked up in its structured content,
 * else in its text where that is JSON, else in the result itself.
 */
export function mapResponse(result: Given, mappings: readonly Mapping[]): Mapped {
  return applyMappings(mappings, [contentOf(result), result]);
}

function applyMappings(mappings: readonly Mapping[], given: readonly unknown[]): Mapped {
  const made: Record<string, unknown> = {};
  for (const { target, source, value, required, allowNull, stripIfNull, ...mapping } of mappings) {
    let found: unknown = value;
    if (found === undefined && source !== undefined)
      found = given.map((one) => readPath(one, source)).find((one) => one !== undefined);
    if (found === null && stripIfNull === true) continue;
    if (found === undefined || (found === null && allowNull !== true)) found = mapping.default;
    if (found === undefined) {
      if (required === true) return { kind: 'refused', message: `${source ?? target} is required` };
      continue;
    }
    writePath(made, target, found);
  }
  return { kind: 'mapped', value: made };
}

function contentOf({ structuredContent, content }: Given): unknown {
  if (structuredContent !== undefined) return structuredContent;
  const [only, ...more] = Array.isArray(content) ? (content as { text?: unknown }[]) : [];
  if (typeof only?.text !== 'string' || more.length > 0) return undefined;
  try {
    return JSON.parse(only.text) as unknown;
  } catch {
    return undefined;
  }
}

/** `a.b.0` within a value, own properties alone; a leading `$.` is taken, `$` is the whole. */
function readPath(value: unknown, path: string): unknown {
  let at = value;
  for (const part of partsOf(path)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

function writePath(into: Record<string, unknown>, path: string, value: unknown): void {
  const parts = partsOf(path);
  let at = into;
  for (const part of parts.slice(0, -1)) {
    const next = Object.hasOwn(at, part) ? at[part] : undefined;
    if (typeof next !== 'object' || next === null) define(at, part, {});
    at = at[part] as Record<string, unknown>;
  }
  define(at, parts.at(-1) ?? '', value);
}

/** Also of a property called `__proto__`. */
function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function partsOf(path: string): string[] {
  const bare = path.replace(/^\$\.?/, '');
  return bare === '' ? [] : bare.split('.');
}
