/** Markers are HTML comments: invisible where Markdown is shown, and a line or the start of a cell. */
const opening = '<!-- sync:';
const closing = ' -->';

/** `<!-- sync:entry KEY -->`: what follows is the row of that key. */
export function entryMarker(key: string): string {
  return `${opening}entry ${encodeKey(key)}${closing}`;
}

/** `<!-- sync:NAME a="…" b="…" -->`: the start of what a helper wrote, and how. */
export function regionMarker(name: 'table' | 'sections', settings: Record<string, string>): string {
  const words = Object.entries(settings).map(([key, value]) => ` ${key}="${value}"`);
  return `${opening}${name}${words.join('')}${closing}`;
}

/** The end of what a helper wrote. */
export const endMarker = `${opening}end${closing}`;

/** The key of an entry's marker at the start of a line or cell, and what follows it. */
export function parseEntryMarker(text: string): { key: string; rest: string } | undefined {
  const match = /^<!-- sync:entry (\S+) -->/.exec(text);
  if (!match) return undefined;
  try {
    return { key: decodeURIComponent(match[1] as string), rest: text.slice(match[0].length) };
  } catch {
    return undefined;
  }
}

/** The name and settings of a region's marker that is a whole line. */
export function parseRegionMarker(
  line: string,
): { name: 'table' | 'sections'; settings: Map<string, string> } | undefined {
  const match = /^<!-- sync:(table|sections)((?: [a-z]+="[^"]*")*) -->$/.exec(line.trimEnd());
  if (!match) return undefined;
  const settings = new Map<string, string>();
  for (const [, key, value] of (match[2] as string).matchAll(/([a-z]+)="([^"]*)"/g)) {
    settings.set(key as string, value as string);
  }
  return { name: match[1] as 'table' | 'sections', settings };
}

/** A key as one word that ends no comment and splits no cell. */
function encodeKey(key: string): string {
  return key.replace(/[^\p{L}\p{N}:._/@+-]|(?<=-)-|^-|-$/gu, (character) =>
    character === '-' ? '%2D' : encodeURIComponent(character).replace(/[!'()*~]/g, hex),
  );
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
