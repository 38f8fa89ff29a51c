import type { Content } from './text-content.js';

/**
 * Whether `content` is no text: it holds a NUL, or bytes that are not valid UTF-8. (git asks for a NUL in
 * the first 8,000 bytes only.)
 */
export function isBinary(content: Content): boolean {
  return typeof content === 'string' ? content.includes('\0') : isBinaryBytes(content);
}

function isBinaryBytes(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return true;
  if (isAscii(bytes)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return false;
  } catch (error) {
    if (error instanceof TypeError) return true;
    throw error;
  }
}

function isAscii(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = bytes.length - (bytes.length % 4);
  for (let at = 0; at < words; at += 4)
    if ((view.getInt32(at, true) & 0x80808080) !== 0) return false;
  for (let at = words; at < bytes.length; at++) if (bytes[at]! >= 0x80) return false;
  return true;
}
