import type { Content } from './text-content.js';

/** What a text is made of: any bytes but NUL, or only valid UTF-8. */
export type Encoding = 'bytes' | 'utf-8';

/** Whether `content` is no text. (git asks for a NUL in the first 8,000 bytes only.) */
export function isBinary(content: Content, encoding: Encoding): boolean {
  if (typeof content === 'string') return content.includes('\0');
  return content.includes(0) || (encoding === 'utf-8' && !isAscii(content) && !isUtf8(content));
}

function isAscii(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let seen = 0;
  let at = 0;
  for (; at + 16 <= bytes.length; at += 16) {
    seen |=
      view.getInt32(at, true) |
      view.getInt32(at + 4, true) |
      view.getInt32(at + 8, true) |
      view.getInt32(at + 12, true);
  }
  for (; at < bytes.length; at++) seen |= bytes[at]!;
  return (seen & 0x80808080) === 0;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
