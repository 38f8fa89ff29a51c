import type { RemoteOptions } from '../backend.js';
import { packObjects, type PackableObject } from '../pack.js';
import type { Rejection } from '../push-report.js';
import type { RefUpdate } from '../repository.js';
import { decodePackets, encodePacket, FLUSH, readBands } from './pkt-line.js';
import { sendAtOnce, type Advertisement } from './smart-http.js';
import { unsupported } from './unsupported.js';

const NOTHING = '0'.repeat(40);

/** What a remote said to a push. Nothing rejected: every ref has moved. */
export interface PushReport {
  readonly rejected: readonly Rejection[];
  readonly words: string;
}

/** The name under which a report rejects all that was sent, and not a ref. */
export const THE_OBJECTS = 'the objects';

/**
 * Asks a remote to move refs, all or none, from exactly the values that it advertised, and sends the
 * objects for it.
 */
export async function sendPack(
  remote: Advertisement,
  updates: readonly RefUpdate[],
  objects: readonly PackableObject[],
  url: string,
): Promise<PushReport> {
  const { capabilities } = remote;
  if (updates.length > 1 && !capabilities.has('atomic')) {
    throw unsupported(`${url} cannot move several refs as one`);
  }
  const wanted = ['report-status', 'side-band-64k', ...(updates.length > 1 ? ['atomic'] : [])];
  const chosen = wanted.filter((name) => capabilities.has(name));
  return readReport(await remote.send(encodePush(updates, objects, chosen)));
}

/**
 * The same for one ref, without asking first what the remote has: it compares the old value itself.
 * Undefined when it does not take a push so.
 */
export async function sendPackAtOnce(
  update: RefUpdate,
  objects: readonly PackableObject[],
  options: RemoteOptions,
): Promise<PushReport | undefined> {
  const body = encodePush([update], objects, ['report-status', 'side-band-64k']);
  const request = { body, maxBytes: options.limits.answerBytes };
  const response = await sendAtOnce('git-receive-pack', request, options);
  return response && readReport(response);
}

function encodePush(
  updates: readonly RefUpdate[],
  objects: readonly PackableObject[],
  capabilities: readonly string[],
): Buffer {
  const chosen = capabilities.join(' ');
  const commands = updates.map(({ ref, old, new: next }, index) =>
    encodePacket(`${old ?? NOTHING} ${next ?? NOTHING} ${ref}${index === 0 ? `\0${chosen}` : ''}`),
  );
  const head = Buffer.from(`${commands.join('')}${FLUSH}`);
  const bears = updates.some(({ new: next }) => next !== null);
  return Buffer.concat(bears ? [head, ...packObjects(objects)] : [head]);
}

/** Lines of the report are `unpack ok`, `ok REF` and `ng REF REASON`, on a band or as they are. */
function readReport(response: Buffer): PushReport {
  const packets = [...decodePackets(response)];
  const plain = packets.some((packet) => packet?.toString('latin1', 0, 7) === 'unpack ');
  const { data, words, fatal } = readBands(plain ? [] : packets);
  const said = plain ? packets : [...decodePackets(data)];
  const lines = said.map((packet) => packet?.toString().trim() ?? '');
  const refused = lines.flatMap((line) => {
    const [, ref, reason] = /^ng (\S+) (.*)$/s.exec(line) ?? [];
    return ref === undefined || reason === undefined ? [] : [{ ref, reason }];
  });
  const unpack = lines.find((line) => line.startsWith('unpack '))?.slice('unpack '.length);
  if (unpack === 'ok') return { rejected: refused, words };
  const reason = unpack ?? (fatal || 'it did not report');
  return { rejected: [{ ref: THE_OBJECTS, reason }], words };
}
