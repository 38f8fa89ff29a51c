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
  | { readonly kind: 'raw-html'; readonly end: string; readonly inline: boolean }
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
  switch (open.kind) {
    case 'none':
      return readText(line);
    case 'html':
      if (isBlank(line)) return none;
      return findFence(line) === undefined ? (openRawHtml(line) ?? open) : lost;
    case 'fence':
      return closes(open.fence, findFence(line), '') ? none : open;
    case 'nested-fence':
      return readNested(open, line);
    case 'raw-html':
      if (line.toLowerCase().includes(open.end)) return none;
      return open.inline && (isBlank(line) || findFence(line) !== undefined) ? lost : open;
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
    if (closes(fence, found, indent)) return none;
    return found === undefined ? open : lost;
  }
  return quoted ? readText(line) : lost;
}

function closes(fence: string, found: Fence | undefined, prefix: string): boolean {
  return (
    found !== undefined &&
    found.prefix === prefix &&
    found.fence.startsWith(fence) &&
    isBlank(found.info)
  );
}

const rawElement = /^ {0,3}<(?<tag>script|pre|style|textarea)(?:[\s>]|$)/i;
const rawMarkup = /^ {0,3}<(?<start>\?|!\[CDATA\[|![a-z])/i;

function openRawHtml(line: string): OpenBlock | undefined {
  const tag = rawElement.exec(line)?.groups?.['tag'];
  if (tag !== undefined) return openUntil(line, `</${tag.toLowerCase()}>`, false);
  const start = rawMarkup.exec(line)?.groups?.['start'];
  if (start !== undefined)
    return openUntil(line, start === '?' ? '?>' : start.startsWith('![') ? ']]>' : '>', false);
  const text = line.replace(/`[^`]*`/g, '');
  const comment = text.lastIndexOf('<!--');
  if (comment === -1) return undefined;
  return openUntil(text.slice(comment), '-->', !/^ {0,3}<!--/.test(line));
}

function openUntil(text: string, end: string, inline: boolean): OpenBlock | undefined {
  return text.toLowerCase().includes(end) ? undefined : { kind: 'raw-html', end, inline };
}

function findFence(line: string): Fence | undefined {
  return fenceLine.exec(line)?.groups as Fence | undefined;
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
