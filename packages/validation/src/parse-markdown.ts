import GithubSlugger from 'github-slugger';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Span } from '@holdfast/text';
import { readSimpleLinks } from './read-simple-links.js';
import { isElsewhere } from './resolve-link.js';
import { splitMarkdown, type MarkdownSection } from './split-markdown.js';
import type { RunWithin } from './time-limit.js';

/**
 * A place that names another of the same site: an inline link, an image, a reference definition, or an attribute in
 * raw HTML. Destinations with a scheme or a host are left out.
 */
export interface MarkdownLink extends Span {
  kind: 'link' | 'image' | 'definition' | 'html';
  /** The destination, with escapes and character references resolved, as the author meant it. */
  url: string;
}

/** `[text][label]` whose label no definition defines: it is shown as it stands. */
export interface UndefinedReference extends Span {
  label: string;
}

/** A fenced code block in one of the {@link blockLanguages}. */
export interface FencedBlock extends Span {
  /** The first word after the fence, in lower case. */
  language: string;
  content: string;
}

/** What the checks need of a Markdown document, each in the order of the text. */
export interface MarkdownDocument {
  links: MarkdownLink[];
  undefinedReferences: UndefinedReference[];
  blocks: FencedBlock[];
  /** What a `#fragment` can name: the slugs of headings as GitHub makes them, and explicit ids. */
  anchors: ReadonlySet<string>;
  /** The text between the `---` lines at the start. */
  frontMatter?: Span;
}

/** The languages of fenced blocks that are kept. */
export const blockLanguages: ReadonlySet<string> = new Set(['json', 'jsonc', 'yaml', 'yml']);

/** Thrown for a document whose quotes or lists nest too deeply. */
export class MarkdownDepthError extends Error {
  override readonly name = 'MarkdownDepthError';
}

export interface ParseMarkdownOptions {
  /** Most quotes and lists that may begin on one line. */
  maxDepth: number;
  /** Interrupts a parse that takes too long. */
  runWithin: RunWithin;
  /** The time that one long section may take, in milliseconds. */
  timeoutMs: number;
}

/** Text shorter than this, in UTF-16 units, cannot take long. */
const shortText = 16_384;

/** Neighbouring sections go to the parser together up to this length: each call has its own cost. */
const batchLength = 2048;

/**
 * Reads a Markdown document (GitHub's flavour) once for all checks. micromark reads the sections in which there may
 * be a link, a heading with markup, an id, or a block in a list; the others are read here, or not at all.
 *
 * @throws {@link MarkdownDepthError}, and what `runWithin` throws.
 */
export function parseMarkdown(text: string, options: ParseMarkdownOptions): MarkdownDocument {
  const frontMatter = findFrontMatter(text);
  const start = frontMatter ? endOfLine(text, frontMatter.end) : 0;
  const document = readSections(text, sectionsOf(text, start), options);
  return frontMatter ? { ...document, frontMatter } : document;
}

/** What a definition defines changes the meaning of brackets anywhere: with one, the document is read in one piece. */
function sectionsOf(text: string, start: number): MarkdownSection[] {
  const sections = splitMarkdown(text, start);
  const defines = sections.some((section) => {
    return section.kind === 'blocks' && definition.test(text.slice(section.start, section.end));
  });
  return defines ? [{ kind: 'blocks', start, end: text.length }] : sections;
}

function findFrontMatter(text: string): Span | undefined {
  if (!/^---[ \t]*\r?\n/.test(text)) return undefined;
  const close = /^(?:---|\.\.\.)[ \t]*\r?$/gm;
  close.lastIndex = text.indexOf('\n') + 1;
  const match = close.exec(text);
  return match ? { start: text.indexOf('\n') + 1, end: match.index } : undefined;
}

function endOfLine(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  return feed < 0 ? text.length : feed + 1;
}

/** What was collected so far; headings keep their order, for repeated ones are numbered. */
interface Collected {
  links: MarkdownLink[];
  references: UndefinedReference[];
  blocks: FencedBlock[];
  headings: string[];
  ids: string[];
  definitions: Set<string>;
}

/** Reads the sections of a text, which together are all of it. */
export function readSections(
  text: string,
  sections: readonly MarkdownSection[],
  options: ParseMarkdownOptions,
): MarkdownDocument {
  const found: Collected = {
    links: [],
    references: [],
    blocks: [],
    headings: [],
    ids: [],
    definitions: new Set(),
  };
  let pending: Span | undefined;

  function parsePending(): void {
    if (pending)
      parseSection(text.slice(pending.start, pending.end), pending.start, found, options);
    pending = undefined;
  }

  for (const { kind, start, end } of sections) {
    const part = text.slice(start, end);
    const plain = kind === 'fence' ? readFence(part, start) : readPlain(part, start);
    if (!plain && pending && end - pending.start <= batchLength)
      pending = { start: pending.start, end };
    else {
      parsePending();
      if (plain) collect(plain, found);
      else pending = { start, end };
    }
  }
  parsePending();
  return finish(found);
}

function parseSection(
  part: string,
  start: number,
  found: Collected,
  { maxDepth, runWithin, timeoutMs }: ParseMarkdownOptions,
): void {
  const markers = String.raw`^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){${maxDepth + 1},}`;
  if (new RegExp(markers, 'm').test(part)) {
    throw new MarkdownDepthError(`quotes or lists nest deeper than ${maxDepth} levels`);
  }
  if (part.length < shortText) readWithParser(part, start, found);
  else runWithin(timeoutMs, () => readWithParser(part, start, found));
}

/** What a section holds that was read without the parser. */
type Plain = Partial<Pick<Collected, 'links' | 'blocks' | 'headings'>>;

function collect({ links = [], blocks = [], headings = [] }: Plain, found: Collected): void {
  for (const link of links) pushLink(link, found);
  for (const block of blocks) pushBlock(block, found);
  found.headings.push(...headings);
}

function finish({
  links,
  references,
  blocks,
  headings,
  ids,
  definitions,
}: Collected): MarkdownDocument {
  const slugger = new GithubSlugger();
  const anchors = new Set(ids);
  for (const heading of headings) anchors.add(slugger.slug(heading));
  const undefinedReferences = references.filter(
    ({ label }) => !definitions.has(normaliseLabel(label)),
  );
  return { links, undefinedReferences, blocks, anchors };
}

function normaliseLabel(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** A fence at the margin, or indented by up to three spaces, which its content loses as well; tabs are left to the parser. */
function readFence(part: string, start: number): Plain | undefined {
  const lines = part.replace(/\r?\n$/, '').split(/\r?\n/);
  const [, indent = '', marks = '', language = ''] = fenceLine.exec(lines[0]!) ?? [];
  if (!blockLanguages.has(language.toLowerCase())) return {};
  if (indent !== '' && part.includes('\t')) return undefined;
  const closed = lines.length > 1 && isClosing(lines.at(-1)!, marks);
  const inner = lines.slice(1, closed ? -1 : undefined);
  const lost = new RegExp(`^ {0,${indent.length}}`);
  const content = inner.map((line) => line.replace(lost, '')).join('\n');
  return {
    blocks: [
      { language, content, start: start + indent.length, end: start + part.trimEnd().length },
    ],
  };
}

const fenceLine = /^( {0,3})(`{3,}|~{3,})[ \t]*([^\s]*)/;

function isClosing(line: string, marks: string): boolean {
  const bare = line.trim();
  return bare.length >= marks.length && bare.replaceAll(marks[0]!, '') === '';
}

const plainHeading = /^#{1,6}[ \t]+([^`*_[\]<&\\~#\r\n]*[^`*_[\]<&\\~#\s])[ \t]*$/;
const headingMark = /^[ \t>*+\-\d.)]*#{1,6}(?:[ \t]|\r?$)|\S[ \t]*\r?\n[ \t>]*(?:=+|-+)[ \t]*\r?$/m;
const inlineLink = /\]\((?!https?:)/i;
const nestedBlock = /(?:```|~~~)[ \t]*(?:jsonc?|ya?ml)/i;
const definition = /^[ \t>*+\-\d.)]*\[[^\]]{1,999}\]:/m;
const htmlAttribute = /\b(?:id|name|href|src)\s*=/i;

/** Reads a section that holds nothing of interest, one heading without markup, or plain links; undefined for all others. */
function readPlain(part: string, start: number): Plain | undefined {
  const heading = part[0] === '#' ? plainHeading.exec(part.trimEnd()) : null;
  if (heading) return { headings: [heading[1]!] };
  if (
    headingMark.test(part) ||
    nestedBlock.test(part) ||
    definition.test(part) ||
    part.includes('][') ||
    (part.includes('<') && htmlAttribute.test(part))
  ) {
    return undefined;
  }
  if (!inlineLink.test(part)) return {};
  const links = readSimpleLinks(part);
  return (
    links && {
      links: links.map((link) => ({ ...link, start: start + link.start, end: start + link.end })),
    }
  );
}

type Node = ReturnType<typeof fromMarkdown>['children'][number];
type Heading = Extract<Node, { type: 'heading' }>;

const parserOptions = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };

function readWithParser(part: string, base: number, found: Collected): void {
  for (const node of nodesOf(fromMarkdown(part, parserOptions).children)) {
    const span = spanOf(node, base);
    switch (node.type) {
      case 'link':
      case 'image':
        pushLink({ kind: node.type, url: node.url, ...span }, found);
        break;
      case 'definition':
        found.definitions.add(normaliseLabel(node.label ?? node.identifier));
        pushLink({ kind: 'definition', url: node.url, ...span }, found);
        break;
      case 'heading':
        found.headings.push(textOf(node));
        break;
      case 'code':
        pushBlock({ language: node.lang ?? '', content: node.value, ...span }, found);
        break;
      case 'html':
        readHtml(node.value, span.start, found);
        break;
      case 'text':
        readReferences(part.slice(span.start - base, span.end - base), span.start, found);
        break;
      default:
        break;
    }
  }
}

function pushLink(link: MarkdownLink, { links }: Collected): void {
  if (!isElsewhere(link.url)) links.push(link);
}

function pushBlock(block: FencedBlock, { blocks }: Collected): void {
  const language = block.language.toLowerCase();
  if (!blockLanguages.has(language)) return;
  blocks.push({ ...block, language, content: block.content.replaceAll('\r\n', '\n') });
}

/** All nodes in document order; without recursion, for nesting is the author's choice. */
function* nodesOf(roots: readonly Node[]): Generator<Node> {
  const pending = [...roots].reverse();
  for (let node = pending.pop(); node; node = pending.pop()) {
    yield node;
    if ('children' in node)
      for (const child of node.children.toReversed()) pending.push(child as Node);
  }
}

function spanOf({ position }: Node, base: number): Span {
  return { start: base + (position?.start.offset ?? 0), end: base + (position?.end.offset ?? 0) };
}

/** The text that GitHub makes a heading's slug of: neither tags nor images count. */
function textOf(heading: Heading): string {
  let text = '';
  for (const node of nodesOf(heading.children)) {
    if (node.type === 'text' || node.type === 'inlineCode') text += node.value;
  }
  return text;
}

const tag = /<([a-z][a-z0-9-]*)(\s[^<>]*)>/gi;
const attribute = /(?<=[\s"'])(id|name|href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))/gi;

function readHtml(html: string, base: number, found: Collected): void {
  const visible = html.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => ' '.repeat(comment.length));
  for (const { 1: name, 2: attributes, index } of visible.matchAll(tag)) {
    const start = base + index + 1 + name!.length;
    for (const match of attributes!.matchAll(attribute)) {
      const key = match[1]!.toLowerCase();
      const value = (match[2] ?? match[3] ?? match[4] ?? '').replaceAll('&amp;', '&');
      if (key === 'id' || (key === 'name' && name!.toLowerCase() === 'a')) found.ids.push(value);
      else if (key !== 'name') {
        const at = start + match.index;
        pushLink({ kind: 'html', url: value, start: at, end: at + match[0].length }, found);
      }
    }
  }
}

/** A label with a letter in it: `a[0][1]` is code, not a reference. */
const fullReference =
  /(?<![\w\])\\])\[[^[\]\n]{1,200}\]\[([^[\]\n]{0,200}[a-z][^[\]\n]{0,200})\]/gi;

function readReferences(text: string, base: number, { references }: Collected): void {
  if (!text.includes('][')) return;
  for (const match of text.matchAll(fullReference)) {
    const start = base + match.index;
    references.push({ label: match[1]!, start, end: start + match[0].length });
  }
}
