const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The text of a file, a byte order mark included; `undefined` where the bytes are not UTF-8. */
export function decodeText(content: Uint8Array): string | undefined {
  try {
    return decoder.decode(content);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The bytes of a text, in UTF-8. */
export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}
