import { createHash } from 'node:crypto';
import type { RemoteOptions } from '../backend.js';
import { GitError } from '../git-error.js';
import { beyondLimit } from '../limits.js';
import { isObjectId } from '../object-id.js';
import { MIRRORED } from '../remote.js';
import { decodePackets, DELIMITER, encodePacket, FLUSH, readBands } from './pkt-line.js';
import { discover, listingBytes, sendAtOnce, type RemoteRefs } from './smart-http.js';
import { unsupported } from './unsupported.js';

/** At most so many objects are named as there already. */
const MAX_HAVES = 1024;

/** What a remote has, and how to get it. */
export interface RemoteListing extends RemoteRefs {
  /** The pack of the objects `wants` with all that they need beyond `haves`. */
  fetchPack(wants: readonly string[], haves: readonly string[]): Promise<Buffer>;
}

/** The refs of a remote, and its objects on demand: in one exchange each, where that is possible. */
export async function listRemote(options: RemoteOptions): Promise<RemoteListing> {
  return (await listByVersion2(options)) ?? listByDiscovery(options);
}

/** See git's gitprotocol-v2. A server of an older version says something else, or nothing. */
async function listByVersion2(options: RemoteOptions): Promise<RemoteListing | undefined> {
  const command = async (lines: readonly string[], maxBytes: number) => {
    const [name = '', ...rest] = lines;
    const text = [encodePacket(name), DELIMITER, ...rest.map(encodePacket), FLUSH].join('');
    const request = { body: Buffer.from(text), maxBytes, version: 'version=2' };
    return sendAtOnce('git-upload-pack', request, options);
  };
  const prefixes = ['HEAD', ...MIRRORED].map((prefix) => `ref-prefix ${prefix}\n`);
  const listing = ['command=ls-refs\n', 'symrefs\n', ...prefixes];
  const answer = await command(listing, listingBytes(options));
  if (answer === undefined || !answer.toString('latin1', answer.length - 4).endsWith(FLUSH)) {
    return undefined;
  }
  const found = parseListing(answer, options);
  if (found === undefined) return undefined;
  return {
    ...found,
    async fetchPack(wants, haves) {
      const named = haves.slice(0, MAX_HAVES).map((oid) => `have ${oid}\n`);
      const wanted = wants.map((oid) => `want ${oid}\n`);
      const lines = ['command=fetch\n', 'ofs-delta\n', ...wanted, ...named, 'done\n'];
      const pack = await command(lines, options.limits.answerBytes);
      if (pack === undefined) throw brokenOff('', options.url);
      return readPack(pack, options.url);
    },
  };
}

/** Lines are `OID SP NAME`, with `symref-target:NAME` behind it. */
function parseListing(answer: Buffer, { url, limits }: RemoteOptions): RemoteRefs | undefined {
  const refs = new Map<string, string>();
  let head: string | undefined;
  for (const packet of decodePackets(answer)) {
    if (packet === undefined) continue;
    const [oid = '', name = '', ...attributes] = packet.toString().trimEnd().split(' ');
    if (!isObjectId(oid)) return undefined;
    if (name === 'HEAD') {
      head = attributes.find((each) => each.startsWith('symref-target:'))?.slice(14);
    } else refs.set(name, oid);
    if (refs.size > limits.refs) {
      throw beyondLimit('refs', `${url} has more than ${limits.refs} refs`, limits.refs);
    }
  }
  return { refs, ...(head === undefined ? {} : { head }) };
}

async function listByDiscovery(options: RemoteOptions): Promise<RemoteListing> {
  const remote = await discover('git-upload-pack', options);
  return {
    ...remote,
    async fetchPack(wants, haves) {
      const known = ['side-band-64k', 'ofs-delta'];
      const capabilities = known.filter((name) => remote.capabilities.has(name)).join(' ');
      const lines = [
        ...wants.map((oid, index) =>
          encodePacket(`want ${oid}${index === 0 ? ` ${capabilities}` : ''}\n`),
        ),
        FLUSH,
        ...haves.slice(0, MAX_HAVES).map((oid) => encodePacket(`have ${oid}\n`)),
        encodePacket('done\n'),
      ];
      return readPack(await remote.send(Buffer.from(lines.join(''))), options.url);
    },
  };
}

/** Lines that precede the pack: what is common, and in version 2 what follows. */
const BEFORE_PACK = /^(?:NAK|ACK |shallow |unshallow |shallow-info|packfile)/;

/** The answer: which `have` is common (or NAK), then the pack on the first band. */
function readPack(response: Buffer, url: string): Buffer {
  const packets = [...decodePackets(response)];
  const texts = packets.map((packet) => packet?.toString('latin1', 0, 14) ?? '');
  if (texts.some((text) => text.startsWith('shallow'))) {
    throw unsupported(`${url} is a shallow repository`);
  }
  const banded = packets.filter((_, index) => !BEFORE_PACK.test(texts[index] ?? ''));
  const { data, fatal, words } = readBands(banded);
  if (fatal !== '') throw new GitError('unreachable', `the remote failed: ${fatal.trim()}`);
  const sum = createHash('sha1').update(data.subarray(0, -20)).digest();
  if (data.toString('latin1', 0, 4) === 'PACK' && sum.equals(data.subarray(-20))) return data;
  throw brokenOff(words, url);
}

function brokenOff(words: string, url: string): GitError {
  return new GitError('unreachable', `${url}: the remote sent a damaged pack ${words}`.trim(), {
    data: { url },
    hint: 'try again',
  });
}
