import { createHash } from 'node:crypto';

/** The kinds of objects that git stores. */
export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

/** The id of the tree without entries. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** Git's SHA-1 id of an object. */
export function hashObject(type: ObjectType, content: Uint8Array): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
}

/** Whether the text is a full SHA-1 object id in lower case. */
export function isObjectId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}
