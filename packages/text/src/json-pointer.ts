/** Where a value lies in a document: the keys and indexes that lead to it. */
export type KeyPath = readonly (string | number)[];

/** The keys of a JSON pointer (RFC 6901). Indexes stay text; what takes a {@link KeyPath} takes both. */
export function parsePointer(pointer: string): string[] {
  if (pointer === '') return [];
  const keys = pointer.slice(pointer.startsWith('/') ? 1 : 0).split('/');
  return pointer.includes('~') ? keys.map(unescapeKey) : keys;
}

/** The JSON pointer of keys and indexes; `''` is the whole document. */
export function formatPointer(path: KeyPath): string {
  return path.map((key) => `/${escapeKey(String(key))}`).join('');
}

function unescapeKey(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}

function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
