import { stripVTControlCharacters } from 'node:util';

/**
 * Styled text without escape sequences: a style is a pair of noncharacters around the text, and
 * becomes a sequence, or nothing, when it is printed. So that whatever else could steer a terminal
 * (a file's name, a commit's subject, a request's body) is made visible in one place.
 */
const BEGIN = '\ufdd0';
const END = '\ufdd1';

const styles = {
  b: ['\x1b[1m', '\x1b[22m'],
  d: ['\x1b[2m', '\x1b[22m'],
  r: ['\x1b[31m', '\x1b[39m'],
  g: ['\x1b[32m', '\x1b[39m'],
  y: ['\x1b[33m', '\x1b[39m'],
  c: ['\x1b[36m', '\x1b[39m'],
} as const;

type StyleKey = keyof typeof styles;

const style = (key: StyleKey) => (text: string) => `${BEGIN}${key}${text}${END}${key}`;

export const bold = style('b');
export const dim = style('d');
export const red = style('r');
export const green = style('g');
export const yellow = style('y');
export const cyan = style('c');

/** What a terminal takes for a command, or what reorders the text that people see. */
const STEERING = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const MARKS = /([\ufdd0\ufdd1])([bdrgyc])/g;

/** Makes styled text printable: styles become escape sequences or nothing, everything else is visible. */
export function renderMarkup(text: string, { color }: { readonly color: boolean }): string {
  const harmless = text.replaceAll('\r\n', '\n').replace(STEERING, showCharacter);
  return harmless.replace(MARKS, (_mark, side: string, key: StyleKey) =>
    color ? styles[key][side === BEGIN ? 0 : 1] : '',
  );
}

function showCharacter(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** How many columns a styled text takes, by characters. */
export function widthOf(text: string): number {
  return [...stripVTControlCharacters(renderMarkup(text, { color: false }))].length;
}

/** Fills a styled text up to a width. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
