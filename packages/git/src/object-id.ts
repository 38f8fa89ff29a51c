import { createHash, hash } from 'node:crypto';

/** The kinds of objects that git stores. */
export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

/** The id of the tree without entries. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** Git's SHA-1 id of an object. */
export function hashObject(type: ObjectType, content: Uint8Array): string {
  const head = `${type} ${content.length}\0`;
  if (content.length > ONE_SHOT) {
    return createHash('sha1').update(head).update(content).digest('hex');
  }
  return hash('sha1', Buffer.concat([Buffer.from(head), content]), 'hex');
}

/** Up to so many bytes, copying them costs less than a hash that is fed twice. */
const ONE_SHOT = 16_384;

/** Whether the text is a full SHA-1 object id in lower case. */
export function isObjectId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}
