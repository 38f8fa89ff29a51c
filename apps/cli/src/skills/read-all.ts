import type { Readable } from 'node:stream';
import { CliError } from '../cli-error.js';

/** More is not read, in bytes. */
const maxSize = 512 * 1_048_576;

/** The whole of an input, as text in UTF-8. */
export async function readAll(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input as AsyncIterable<Buffer | string>) {
    const bytes = Buffer.from(chunk as string);
    chunks.push(bytes);
    size += bytes.byteLength;
    if (size > maxSize) throw new CliError('too-much', `stdin holds more than ${maxSize} bytes`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new CliError('bad-argument', 'stdin is not text in UTF-8', {
      hint: 'a value with arbitrary bytes is stored as Base64',
      cause,
    });
  }
}
