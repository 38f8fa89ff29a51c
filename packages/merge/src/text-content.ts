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

/** Collects bytes whose number is not known before. */
export class ByteWriter {
  #bytes: Uint8Array;
  #size = 0;

  constructor(expectedSize: number) {
    this.#bytes = new Uint8Array(expectedSize);
  }

  /** Appends `bytes[start] … bytes[end − 1]`. */
  write(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const size = this.#size + end - start;
    if (size > this.#bytes.length) {
      const grown = new Uint8Array(2 * size);
      grown.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = grown;
    }
    if (end - start > 256) {
      this.#bytes.set(bytes.subarray(start, end), this.#size);
    } else {
      // A view costs more than it saves on a line or two.
      for (let from = start, to = this.#size; from < end; from++, to++) {
        this.#bytes[to] = bytes[from]!;
      }
    }
    this.#size = size;
  }

  /** All bytes written, in an array of their own size. */
  finish(): Uint8Array {
    return this.#size === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#size);
  }
}

function encodeSurrogates(content: string): Uint8Array {
  const encoder = new TextEncoder();
  const writer = new ByteWriter(3 * content.length);
  let from = 0;
  for (let at = 0; at < content.length; at++) {
    const code = content.codePointAt(at)!;
    if (code > 0xffff) at++;
    else if (code >= 0xd800 && code <= 0xdfff) {
      writer.write(encoder.encode(content.slice(from, at)));
      writer.write(
        Uint8Array.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)),
      );
      from = at + 1;
    }
  }
  writer.write(encoder.encode(content.slice(from)));
  return writer.finish();
}
