/**
 * Which construct a line of Markdown leaves open, after the block structure of CommonMark 0.31 (§4.5
 * fenced code, §4.6 HTML blocks), read line by line without a parser. Where that is ambiguous the
 * answer is `lost`: it never says that something is closed which might be open.
 */
export type OpenBlock =
  /** Nothing, or what an empty line closes. */
  | { readonly kind: 'none' | 'html' }
  /** A code fence at the margin: the same fence closes it. */
  | { readonly kind: 'fence'; readonly fence: string }
  /** A code fence behind an indentation, a quote or a list marker. */
  | { readonly kind: 'nested-fence'; readonly fence: string; readonly indent: string }
  /** HTML that ends only with a certain text. */
  | { readonly kind: 'raw-html'; readonly end: RegExp }
  /** Cannot be told, from here to the end. */
  | { readonly kind: 'lost' };

const none: OpenBlock = { kind: 'none' };
const lost: OpenBlock = { kind: 'lost' };

const fenceLine =
  /^(?<prefix>(?:[ \t]|>|[-*+][ \t]|\d{1,9}[.)][ \t])*)(?<fence>`{3,}|~{3,})(?<info>.*)$/;

interface Fence {
  readonly prefix: string;
  readonly fence: string;
  readonly info: string;
}

/** What is open after a line, by what was open before it. */
export function readLine(open: OpenBlock, line: string): OpenBlock {
  if (line.includes('\r')) return lost; // to Markdown these are several lines
  switch (open.kind) {
    case 'none':
      return readText(line);
    case 'html':
      if (isBlank(line)) return none;
      return findFence(line) === undefined && openRawHtml(line) === undefined ? open : lost;
    case 'fence':
      return closes(open.fence, findFence(line), /^ {0,3}$/) ? none : open;
    case 'nested-fence':
      return readNested(open, line);
    case 'raw-html':
      return open.end.test(line) ? none : open;
    case 'lost':
      return lost;
  }
}

function readText(line: string): OpenBlock {
  const found = findFence(line);
  if (found !== undefined && !(found.fence.startsWith('`') && found.info.includes('`'))) {
    return openFence(found);
  }
  return openRawHtml(line) ?? (/^ {0,3}<[a-z/]/i.test(line) ? { kind: 'html' } : none);
}

function openFence({ prefix, fence }: Fence): OpenBlock {
  if (prefix === '') return { kind: 'fence', fence };
  if (!/^(?:> ?| +|(?:[-*+]|\d{1,9}[.)]) {1,4})$/.test(prefix)) return lost;
  const indent = prefix.startsWith('>') ? prefix : ' '.repeat(prefix.length);
  return { kind: 'nested-fence', fence, indent };
}

function readNested(open: OpenBlock & { kind: 'nested-fence' }, line: string): OpenBlock {
  const { indent, fence } = open;
  const quoted = indent.startsWith('>');
  if (isBlank(line)) return quoted ? none : open;
  if (line.startsWith(quoted ? '>' : indent)) {
    const found = findFence(line);
    if (closes(fence, found, new RegExp(`^${indent}$`))) return none;
    return found === undefined ? open : lost;
  }
  return quoted ? readText(line) : lost;
}

function closes(fence: string, found: Fence | undefined, prefix: RegExp): boolean {
  return (
    found !== undefined &&
    prefix.test(found.prefix) &&
    found.fence.startsWith(fence) &&
    isBlank(found.info)
  );
}

/** How HTML blocks begin that an empty line does not end, each with how it ends (§4.6, 1 to 5). */
const rawHtml: readonly (readonly [RegExp, RegExp])[] = [
  [/^ {0,3}<(?:script|pre|style|textarea)(?:[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<![a-z]/i, />/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
];

function openRawHtml(line: string): OpenBlock | undefined {
  const end = rawHtml.find(([start]) => start.test(line))?.[1];
  if (end !== undefined) return end.test(line) ? undefined : { kind: 'raw-html', end };
  const text = line.replace(/`[^`]*`/g, '');
  const unclosed = text.lastIndexOf('<!--') > text.lastIndexOf('-->');
  return unclosed ? lost : undefined;
}

function findFence(line: string): Fence | undefined {
  return fenceLine.exec(line)?.groups as Fence | undefined;
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
