import { GitError } from '../git-error.js';

/** The packet that ends a section ("flush"); see git's gitprotocol-common. */
export const FLUSH = '0000';

/** One packet: its length in four hex digits, then the data. */
export function encodePacket(data: string): string {
  return `${(Buffer.byteLength(data) + 4).toString(16).padStart(4, '0')}${data}`;
}

/** The packet between the parts of a request in protocol version 2 ("delim"). */
export const DELIMITER = '0001';

/** Cuts a response into packets; a flush, and any other packet without data, is `undefined`. */
export function* decodePackets(response: Buffer): Generator<Buffer | undefined, void, undefined> {
  let at = 0;
  while (at < response.length) {
    const digits = response.toString('latin1', at, at + 4);
    const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
    if (Number.isNaN(length) || at + length > response.length || length === 3) {
      throw new GitError('unreachable', 'the remote broke off, or does not speak git', {
        data: { offset: at },
        hint: 'check the URL and what answers there',
      });
    }
    yield length < 4 ? undefined : response.subarray(at + 4, at + length);
    at += Math.max(length, 4);
  }
}

/** What a response carries on its three bands: data, words for people, and a fatal error. */
export interface Bands {
  readonly data: Buffer;
  readonly words: string;
  readonly fatal: string;
}

/** Takes the bands of `side-band-64k` apart. */
export function readBands(packets: Iterable<Buffer | undefined>): Bands {
  const bands: Buffer[][] = [[], [], [], []];
  for (const packet of packets) {
    if (packet !== undefined) bands[packet[0] ?? 0]?.push(packet.subarray(1));
  }
  const [, data = [], words = [], fatal = []] = bands;
  return {
    data: Buffer.concat(data),
    words: Buffer.concat(words).toString(),
    fatal: Buffer.concat(fatal).toString(),
  };
}
