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

/** A footnote goes on wherever lines are indented: with one, the document is read in one piece. */
function sectionsOf(text: string, start: number): MarkdownSection[] {
  const sections = splitMarkdown(text, start);
  return footnote.test(text) ? [{ kind: 'blocks', start, end: text.length }] : sections;
}

const footnote = /^[ \t>*+\-\d.)]*\[\^[^\]\s]{1,999}\]:/m;

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

function emptyCollection(): Collected {
  return { links: [], references: [], blocks: [], headings: [], ids: [], definitions: new Set() };
}

/** Reads the sections of a text, which together are all of it. */
export function readSections(
  text: string,
  sections: readonly MarkdownSection[],
  options: ParseMarkdownOptions,
): MarkdownDocument {
  const found = emptyCollection();
  // One section needs nothing of others.
  const labels: Labels = sections.length > 1 ? findLabels(text, sections, options) : new Map();
  let pending: Span | undefined;

  function parsePending(): void {
    if (pending) {
      const part = text.slice(pending.start, pending.end);
      const stubs = stubsFor(pending, text, labels);
      parseSection({ part, stubs, base: pending.start }, found, options);
    }
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

/** A section for the parser, with what it may need of the others. */
interface ParserInput {
  part: string;
  /** Definitions of other sections, in short; they stand before the section, which may end within code. */
  stubs: string;
  /** Where the section begins in the text. */
  base: number;
}

function parseSection(
  input: ParserInput,
  found: Collected,
  { maxDepth, runWithin, timeoutMs }: ParseMarkdownOptions,
): void {
  const markers = String.raw`^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){${maxDepth + 1},}`;
  if (new RegExp(markers, 'm').test(input.part)) {
    throw new MarkdownDepthError(`quotes or lists nest deeper than ${maxDepth} levels`);
  }
  if (input.part.length < shortText) readWithParser(input, found);
  else runWithin(timeoutMs, () => readWithParser(input, found));
}

/** The labels that the sections define, each with the places of the sections that do. */
type Labels = ReadonlyMap<string, readonly number[]>;

function findLabels(
  text: string,
  sections: readonly MarkdownSection[],
  options: ParseMarkdownOptions,
): Labels {
  const labels = new Map<string, number[]>();
  for (const { kind, start, end } of sections) {
    if (kind === 'fence') continue;
    const part = text.slice(start, end);
    if (!definition.test(part)) continue;
    for (const label of definedLabels(part, options)) {
      const places = labels.get(label);
      if (places) places.push(start);
      else labels.set(label, [start]);
    }
  }
  return labels;
}

/** What looks like a definition may be part of a paragraph: unless it surely is one, the parser tells. */
function definedLabels(part: string, options: ParseMarkdownOptions): Iterable<string> {
  if (definitionLines.test(part))
    return (readDefinitions(part, 0).labels ?? []).map(normaliseLabel);
  const found = emptyCollection();
  parseSection({ part, stubs: '', base: 0 }, found, options);
  return found.definitions;
}

/**
 * A defined label changes the meaning of the brackets around it wherever it stands: a section is parsed with stubs of the
 * definitions of others that it may use.
 */
function stubsFor({ start, end }: Span, text: string, labels: Labels): string {
  if (labels.size === 0) return '';
  const used = new Set<string>();
  for (const [, label] of text.slice(start, end).matchAll(bracketed)) {
    const normal = normaliseLabel(label!);
    const places = labels.get(normal);
    if (places?.some((place) => place < start || place >= end)) used.add(normal);
  }
  return [...used].map((label) => `[${label}]: #\n\n`).join('');
}

const bracketed = /(?<=\[)((?:[^[\]\\]|\\.){1,999})(?=\])/g;

/** What a section holds that was read without the parser. */
type Plain = Partial<Pick<Collected, 'links' | 'blocks' | 'headings' | 'references'>> & {
  labels?: readonly string[];
};

function collect(
  { links = [], blocks = [], headings = [], references = [], labels = [] }: Plain,
  found: Collected,
): void {
  for (const reference of references) found.references.push(reference);
  for (const label of labels) found.definitions.add(normaliseLabel(label));
  for (const link of links) pushLink(link, found);
  for (const block of blocks) pushBlock(block, found);
  for (const heading of headings) found.headings.push(heading);
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

/**
 * Reads a section that holds nothing of interest, one heading without markup, definitions alone, or plain links;
 * undefined for all others.
 */
function readPlain(part: string, start: number): Plain | undefined {
  const heading = part[0] === '#' ? plainHeading.exec(part.trimEnd()) : null;
  if (heading) return { headings: [heading[1]!] };
  if (part[0] === '[' && definitionLines.test(part)) return readDefinitions(part, start);
  if (
    headingMark.test(part) ||
    nestedBlock.test(part) ||
    definition.test(part) ||
    (part.includes('<') && htmlAttribute.test(part))
  ) {
    return undefined;
  }
  const hasReferences = part.includes('][');
  if (!hasReferences && !inlineLink.test(part)) return {};
  const simple = readSimpleLinks(part);
  if (!simple) return undefined;
  const links = simple.links.map((link) => ({
    ...link,
    start: start + link.start,
    end: start + link.end,
  }));
  return { links, references: hasReferences ? findReferences(simple.prose, start) : [] };
}

/** Lines that are definitions and nothing else, without escapes, titles over lines, or footnotes. */
const definitionLines =
  /^(?:\[[^[\]\\^\n][^[\]\\\n]{0,200}\]:[ \t]{1,9}[^\s<\\&][^\s\\&]*(?:[ \t]+"[^"\\\n]*")?[ \t]*(?:\r?\n|$))+[ \t\r\n]*$/;
const definitionLine = /^\[([^\]]*)\]:[ \t]*(\S+)[^\r\n]*/gm;

function readDefinitions(part: string, start: number): Plain {
  const lines = [...part.matchAll(definitionLine)];
  return {
    labels: lines.map(([, label]) => label!),
    links: lines.map(({ 0: all, 2: url, index }) => ({
      kind: 'definition',
      url: url!,
      start: start + index,
      end: start + index + all.length,
    })),
  };
}

type Node = ReturnType<typeof fromMarkdown>['children'][number];
type Heading = Extract<Node, { type: 'heading' }>;

const parserOptions = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };

function readWithParser({ part, stubs, base }: ParserInput, found: Collected): void {
  for (const node of nodesOf(fromMarkdown(stubs + part, parserOptions).children)) {
    const span = spanOf(node, base - stubs.length);
    if (span.start < base) continue;
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
  for (const reference of findReferences(text, base)) references.push(reference);
}

function findReferences(text: string, base: number): UndefinedReference[] {
  return [...text.matchAll(fullReference)].map(({ 0: all, 1: label, index }) => ({
    label: label!,
    start: base + index,
    end: base + index + all.length,
  }));
}
