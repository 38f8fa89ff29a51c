import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { makeFolder } from '../files/take-lock.js';
import { writeWhole } from '../files/write-file.js';
import { GitError } from '../git-error.js';
import type { Limits } from '../limits.js';
import { indexPack } from '../pack.js';
import { decodePackets, encodePacket, FLUSH, readBands } from './pkt-line.js';
import { scanPack } from './scan-pack.js';
import type { Advertisement } from './smart-http.js';

/** At most so many objects are named as there already. */
const MAX_HAVES = 1024;

/** Fetches the objects `wants` with all they need, and puts them into the repository as one pack. */
export async function fetchPack(
  remote: Advertisement,
  wants: readonly string[],
  haves: readonly string[],
  directory: string,
  limits: Limits,
): Promise<void> {
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
  const response = await remote.send(Buffer.from(lines.join('')));
  await storePack(readPack(response), directory, limits);
}

/** The answer: which `have` is common (or NAK), then the pack on the first band. */
function readPack(response: Buffer): Buffer {
  const packets = [...decodePackets(response)];
  const isAnswer = (packet: Buffer | undefined): boolean =>
    packet !== undefined &&
    /^(?:NAK|ACK |shallow |unshallow )/.test(packet.toString('latin1', 0, 10));
  const { data, fatal, words } = readBands(packets.filter((packet) => !isAnswer(packet)));
  if (fatal !== '') throw new GitError('unreachable', `the remote failed: ${fatal.trim()}`);
  const sum = createHash('sha1').update(data.subarray(0, -20)).digest();
  if (data.toString('latin1', 0, 4) === 'PACK' && sum.equals(data.subarray(-20))) return data;
  throw new GitError('unreachable', `the remote sent a damaged pack ${words.trim()}`.trim(), {
    hint: 'try again',
  });
}

/** The pack appears before its index, which makes git look at it: a reader sees all or nothing. */
async function storePack(pack: Buffer, directory: string, limits: Limits): Promise<void> {
  const entries = scanPack(pack, limits);
  const checksum = pack.subarray(-20);
  const folder = join(directory, 'objects', 'pack');
  makeFolder(folder, directory);
  const file = join(folder, `pack-${checksum.toString('hex')}`);
  await writeWhole(`${file}.pack`, [pack], { mode: 0o444 });
  await writeWhole(`${file}.idx`, [indexPack(entries, checksum)], { mode: 0o444 });
}
