import { packObjects, type PackableObject } from '../pack.js';
import { judgeRejections, type PushOutcome, type Rejection } from '../push-report.js';
import type { RefUpdate } from '../repository.js';
import { decodePackets, encodePacket, FLUSH, readBands } from './pkt-line.js';
import type { Advertisement } from './smart-http.js';
import { unsupported } from './unsupported.js';

const NOTHING = '0'.repeat(40);

/**
 * Asks a remote to move refs, all or none, from exactly the values that it advertised, and sends the
 * objects for it.
 */
export async function sendPack(
  remote: Advertisement,
  updates: readonly RefUpdate[],
  objects: readonly PackableObject[],
  url: string,
): Promise<PushOutcome> {
  const { capabilities } = remote;
  if (updates.length > 1 && !capabilities.has('atomic')) {
    throw unsupported(`${url} cannot move several refs as one`);
  }
  const wanted = ['report-status', 'side-band-64k', ...(updates.length > 1 ? ['atomic'] : [])];
  const chosen = wanted.filter((name) => capabilities.has(name)).join(' ');
  const commands = updates.map(({ ref, old, new: next }, index) =>
    encodePacket(`${old ?? NOTHING} ${next ?? NOTHING} ${ref}${index === 0 ? `\0${chosen}` : ''}`),
  );
  const body: Buffer[] = [Buffer.from(`${commands.join('')}${FLUSH}`)];
  if (updates.some(({ new: next }) => next !== null)) {
    body.push(...packObjects(objects));
  }
  const response = await remote.send(Buffer.concat(body));
  const { rejected, words } = readReport(response, capabilities.has('side-band-64k'));
  return judgeRejections(rejected, words, updates.length, url);
}

/** Lines of the report are `unpack ok`, `ok REF` and `ng REF REASON`. */
function readReport(response: Buffer, banded: boolean): { rejected: Rejection[]; words: string } {
  const bands = banded
    ? readBands(decodePackets(response))
    : { data: response, words: '', fatal: '' };
  const lines = [...decodePackets(bands.data)].map((packet) => packet?.toString().trim() ?? '');
  const refused = lines.flatMap((line) => {
    const [, ref, reason] = /^ng (\S+) (.*)$/s.exec(line) ?? [];
    return ref === undefined || reason === undefined ? [] : [{ ref, reason }];
  });
  const unpack = lines.find((line) => line.startsWith('unpack '))?.slice('unpack '.length);
  if (unpack === 'ok') return { rejected: refused, words: bands.words };
  const reason = unpack ?? (bands.fatal || 'it did not report');
  return { rejected: [{ ref: 'the objects', reason }], words: bands.words };
}
