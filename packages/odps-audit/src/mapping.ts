/** Reading of values that a file may hold or not: what is not of the kind is not there. */

export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own value at a key; undefined for what is no mapping. */
export function member(value: unknown, key: string): unknown {
  return isMapping(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A text, or a number as its text: `version: 1` of a careless author. */
export function scalarText(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : textOf(value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The value of a custom property: `customProperties: [{property, value}]`. */
export function customProperty(holder: unknown, name: string): unknown {
  const found = listOf(member(holder, 'customProperties')).find(
    (property) => member(property, 'property') === name,
  );
  return member(found, 'value');
}
