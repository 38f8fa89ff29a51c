import { escapePointer } from './compile-schema.js';
import type { Json } from './json.js';

/** The JSON pointer of the first place at which one of the schemas has a keyword; '' where none has. */
export function findKeyword(schemas: readonly Json[], keyword: string): string {
  for (const schema of schemas) {
    const pending: { value: Json; path: string }[] = [{ value: schema, path: '' }];
    for (const { value, path } of pending) {
      if (typeof value !== 'object' || value === null) continue;
      for (const [key, child] of Object.entries(value)) {
        if (key === keyword) return `${path}/${key}`;
        pending.push({ value: child, path: `${path}/${escapePointer(key)}` });
      }
    }
  }
  return '';
}
