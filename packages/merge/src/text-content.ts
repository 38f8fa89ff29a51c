/** A text as its bytes, or as a string; results come back as what was given. */
export type Content = Uint8Array | string;

/** The UTF-8 bytes of `content`. A lone surrogate, which UTF-8 has no place for, keeps three bytes of its own. */
export function toBytes(content: Content): Uint8Array {
  if (typeof content !== 'string') return content;
  return content.isWellFormed() ? new TextEncoder().encode(content) : encodeSurrogates(content);
}

/** The string that {@link toBytes} made `bytes` of. */
export function toText(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  let from = 0;
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
    if (bytes[at + 1]! < 0xa0) continue;
    text += decoder.decode(bytes.subarray(from, at));
    text += String.fromCharCode(0xd000 | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f));
    from = at + 3;
  }
  return text + decoder.decode(bytes.subarray(from));
}

export function isSameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}

/** Joins `pieces` into one array. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

function encodeSurrogates(content: string): Uint8Array {
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (let at = 0; at < content.length; at++) {
    const code = content.codePointAt(at)!;
    if (code > 0xffff) at++;
    else if (code >= 0xd800 && code <= 0xdfff) {
      pieces.push(
        encoder.encode(content.slice(from, at)),
        Uint8Array.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)),
      );
      from = at + 1;
    }
  }
  pieces.push(encoder.encode(content.slice(from)));
  return joinBytes(pieces);
}
