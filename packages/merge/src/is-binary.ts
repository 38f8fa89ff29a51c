import type { Content } from './text-content.js';

/**
 * Whether `content` is no text: it holds a NUL, or bytes that are not valid UTF-8. (git asks for a NUL in
 * the first 8,000 bytes only.)
 */
export function isBinary(content: Content): boolean {
  return typeof content === 'string' ? content.includes('\0') : isBinaryBytes(content);
}

function isBinaryBytes(bytes: Uint8Array): boolean {
  return bytes.includes(0) || (!isAscii(bytes) && !isUtf8(bytes));
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
