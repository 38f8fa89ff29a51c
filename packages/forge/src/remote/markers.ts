const closedMarker = /\n*<!-- holdfast:closed ([\w%.!~*'()-]{0,900}) -->\n?/g;
const keyMarker = /\n*<!-- holdfast:key ([\w%.!~*'()-]{0,900}) -->\n?/;

/** A body that says, unseen, why its request was closed: forges have no field for that. */
export function withCloseReason(body: string, reason: string): string {
  return `${withoutCloseReason(body)}\n\n<!-- holdfast:closed ${encodeURIComponent(reason)} -->\n`;
}

/** A body without that mark. */
export function withoutCloseReason(body: string): string {
  return body.replace(closedMarker, '');
}

/** What such a body says; undefined when it says nothing. */
export function readCloseReason(body: string): string | undefined {
  const [last] = [...body.matchAll(closedMarker)].slice(-1);
  return last === undefined ? undefined : decode(last[1]!);
}

/** A text with the key by which it is found again. */
export function withKey(text: string, key: string): string {
  return `${text.replace(/\n+$/, '')}\n\n<!-- holdfast:key ${encodeURIComponent(key)} -->\n`;
}

/** A text as it was written, and its key if it has one. */
export function readKey(text: string): { readonly text: string; readonly key?: string } {
  const found = keyMarker.exec(text);
  if (found === null) return { text };
  const key = decode(found[1]!);
  return key === undefined ? { text } : { text: text.replace(keyMarker, ''), key };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
