/** A value with the keys of its objects in order; Maps and other classes do not occur. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(
    names.map((name) => [name, sortKeys((value as Record<string, unknown>)[name])]),
  );
}
