import type { Content } from './text-content.js';

/**
 * Whether `content` is no text: it holds a NUL, or bytes that are not valid UTF-8. (git asks for a NUL in
 * the first 8,000 bytes only.)
 */
export function isBinary(content: Content): boolean {
  return typeof content === 'string' ? content.includes('\0') : isBinaryBytes(content);
}

function isBinaryBytes(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let isAscii = true;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    const word = view.getInt32(at, true);
    if ((word & 0x80808080) !== 0) isAscii = false;
    // A zero byte, and only that, borrows from its own high bit.
    if (((word - 0x01010101) & ~word & 0x80808080) !== 0) return true;
  }
  for (; at < bytes.length; at++) {
    if (bytes[at] === 0) return true;
    if (bytes[at]! >= 0x80) isAscii = false;
  }
  return !isAscii && !isUtf8(bytes);
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
