import { canonicalJson } from './canonical-json.js';
import { isObject, ownValue, type Json } from './json.js';

/** Most values that are tried. */
const maxTries = 3000;

/**
 * Looks for a witness where nothing could be decided: changes values that are known to be good at one place, to what
 * the two schemas mention and what lies beside it.
 *
 * @param seeds values that the one side accepts
 * @param judge whether the one side accepts a value and the other refuses it
 */
export function searchWitness(
  schemas: readonly Json[],
  seeds: readonly Json[],
  judge: (value: Json) => boolean,
): { value: Json } | undefined {
  const pool = collectPool(schemas);
  const tried = new Set<string>();
  for (const seed of [...seeds, ...pool.values]) {
    for (const value of variants(seed, pool, 0)) {
      const key = canonicalJson(value);
      if (tried.has(key)) continue;
      if (tried.size >= maxTries) return undefined;
      tried.add(key);
      if (judge(value)) return { value };
    }
  }
  return undefined;
}

interface Pool {
  values: Json[];
  names: string[];
}

/** The values and names that schemas mention, and their neighbours. */
function collectPool(schemas: readonly Json[]): Pool {
  const values = new Map<string, Json>();
  const names = new Set<string>();
  const add = (value: Json): void => {
    if (values.size < 200) values.set(canonicalJson(value), value);
  };
  [null, true, false, 0, 1, -1, 0.5, '', 'a', [], {}].forEach(add);
  const pending: Json[] = [...schemas];
  for (let seen = 0; pending.length > 0 && seen < 5000; seen++) {
    const schema = pending.pop()!;
    if (Array.isArray(schema)) for (const one of schema) pending.push(one);
    if (!isObject(schema)) continue;
    for (const one of Object.values(schema)) pending.push(one);
    const listed = ownValue(schema, 'enum');
    if (Array.isArray(listed)) listed.forEach(add);
    const constant = ownValue(schema, 'const');
    if (constant !== undefined) add(constant);
    for (const keyword of [
      'minimum',
      'maximum',
      'exclusiveMinimum',
      'exclusiveMaximum',
      'multipleOf',
    ]) {
      const limit = ownValue(schema, keyword);
      if (typeof limit === 'number') [-1, 0, 1].forEach((step) => add(limit + step));
    }
    for (const keyword of ['minLength', 'maxLength']) {
      const limit = ownValue(schema, keyword);
      if (typeof limit === 'number' && limit >= 0 && limit < 1000)
        [-1, 0, 1].forEach((step) => add('a'.repeat(Math.max(0, limit + step))));
    }
    const properties = ownValue(schema, 'properties');
    if (isObject(properties)) Object.keys(properties).forEach((name) => names.add(name));
    const required = ownValue(schema, 'required');
    if (Array.isArray(required)) required.forEach((name) => names.add(String(name)));
  }
  return { values: [...values.values()], names: [...names, 'extra'].slice(0, 100) };
}

function* variants(value: Json, pool: Pool, depth: number): Generator<Json> {
  yield value;
  yield* pool.values;
  if (depth > 4) return;
  if (Array.isArray(value)) {
    yield [];
    if (value.length > 0) yield [...value, value[0]!];
    for (const [at, item] of value.slice(0, 3).entries())
      for (const changed of variants(item, pool, depth + 1)) yield value.with(at, changed);
    if (value.length === 0) for (const item of pool.values) yield [item];
  } else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      const entries = Object.entries(value);
      yield Object.fromEntries(entries.filter(([key]) => key !== name));
      for (const changed of variants(value[name]!, pool, depth + 1))
        yield Object.fromEntries(entries.map(([key, old]) => [key, key === name ? changed : old]));
    }
    for (const name of pool.names) {
      if (Object.hasOwn(value, name)) continue;
      for (const added of pool.values)
        yield Object.fromEntries([...Object.entries(value), [name, added]]);
    }
  }
}
