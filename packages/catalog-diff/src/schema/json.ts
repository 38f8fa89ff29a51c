/** A value that JSON can write. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export type JsonType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export function typeOf(value: Json): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as JsonType;
}

export function isObject(value: unknown): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own property `name`, never one of the prototype. */
export function ownValue(object: object, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? (object as Record<string, Json>)[name] : undefined;
}

/** An object with these own properties, `__proto__` among them. */
export function objectOf(entries: Iterable<readonly [string, Json]>): { [name: string]: Json } {
  return Object.fromEntries(entries);
}
