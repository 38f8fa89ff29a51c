import type { Json } from './json.js';

/**
 * One text for equal values: keys in the order of their code units, no blanks, numbers as JavaScript writes them
 * (RFC 8785). Walks without recursion, so that depth costs nothing.
 */
export function canonicalJson(value: Json): string {
  const parts: string[] = [];
  const pending: ({ value: Json } | string)[] = [{ value }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'string') parts.push(next);
    else if (typeof next.value !== 'object' || next.value === null)
      parts.push(JSON.stringify(next.value));
    else if (Array.isArray(next.value)) pushItems(next.value, pending);
    else pushProperties(next.value, pending);
  }
  return parts.join('');
}

function pushItems(items: readonly Json[], pending: ({ value: Json } | string)[]): void {
  pending.push(']');
  for (let at = items.length - 1; at >= 0; at--) {
    pending.push({ value: items[at]! });
    if (at > 0) pending.push(',');
  }
  pending.push('[');
}

function pushProperties(
  object: { readonly [name: string]: Json },
  pending: ({ value: Json } | string)[],
): void {
  pending.push('}');
  const names = Object.keys(object)
    .filter((name) => object[name] !== undefined)
    .sort();
  for (let at = names.length - 1; at >= 0; at--) {
    pending.push({ value: object[names[at]!]! }, `${JSON.stringify(names[at])}:`);
    if (at > 0) pending.push(',');
  }
  pending.push('{');
}
