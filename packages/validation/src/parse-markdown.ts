import GithubSlugger from 'github-slugger';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Span } from './data-document.js';
import type { ValidationLimits } from './limits.js';

/** A place that names another: an inline link, an image, a reference definition, or an attribute in raw HTML. */
export interface MarkdownLink extends Span {
  kind: 'link' | 'image' | 'definition' | 'html';
  /** The destination, with escapes and character references resolved, as the author meant it. */
  url: string;
}

/** `[text][label]` whose label no definition defines: it is shown as it stands. */
export interface UndefinedReference extends Span {
  label: string;
}

/** A fenced code block. */
export interface FencedBlock extends Span {
  /** The first word after the fence, in lower case; empty if there is none. */
  language: string;
  content: string;
}

/** What the checks need of a Markdown document. */
export interface MarkdownDocument {
  links: MarkdownLink[];
  undefinedReferences: UndefinedReference[];
  blocks: FencedBlock[];
  /** What a `#fragment` can name: the slugs of headings as GitHub makes them, and explicit ids. */
  anchors: ReadonlySet<string>;
  /** The text between the `---` lines at the start. */
  frontMatter?: Span;
}

type Node = ReturnType<typeof fromMarkdown>['children'][number];
type Heading = Extract<Node, { type: 'heading' }>;

/** Reads a Markdown document (GitHub's flavour) once for all checks. */
export function parseMarkdown(text: string, _limits: Readonly<ValidationLimits>): MarkdownDocument {
  const frontMatter = findFrontMatter(text);
  const base = frontMatter ? frontMatter.end : 0;
  const body = text.slice(base);
  const tree = fromMarkdown(body, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  const document: MarkdownDocument = { links: [], undefinedReferences: [], blocks: [], anchors };
  const definitions = new Set<string>();

  for (const node of nodesOf(tree.children)) {
    switch (node.type) {
      case 'link':
      case 'image':
        document.links.push({ kind: node.type, url: node.url, ...spanOf(node, base) });
        break;
      case 'definition':
        definitions.add(node.identifier.toLowerCase());
        document.links.push({ kind: 'definition', url: node.url, ...spanOf(node, base) });
        break;
      case 'heading':
        anchors.add(slugger.slug(textOf(node)));
        break;
      case 'code':
        if (node.lang) {
          const language = node.lang.toLowerCase();
          document.blocks.push({ language, content: node.value, ...spanOf(node, base) });
        }
        break;
      case 'html':
        readHtml(node.value, spanOf(node, base).start, document, anchors);
        break;
      case 'text':
        readReferences(body, spanOf(node, 0), base, document);
        break;
      default:
        break;
    }
  }
  document.undefinedReferences = document.undefinedReferences.filter(
    ({ label }) => !definitions.has(label.toLowerCase().replace(/\s+/g, ' ')),
  );
  return frontMatter ? { ...document, frontMatter } : document;
}

function findFrontMatter(text: string): Span | undefined {
  if (!/^---[ \t]*\r?\n/.test(text)) return undefined;
  const close = /^(?:---|\.\.\.)[ \t]*$/gm;
  close.lastIndex = text.indexOf('\n') + 1;
  const match = close.exec(text);
  return match ? { start: text.indexOf('\n') + 1, end: match.index + match[0].length } : undefined;
}

/** All nodes in document order; without recursion, for nesting is the author's choice. */
function* nodesOf(roots: readonly Node[]): Generator<Node> {
  const pending = [...roots].reverse();
  for (let node = pending.pop(); node; node = pending.pop()) {
    yield node;
    if ('children' in node) pending.push(...([...node.children].reverse() as Node[]));
  }
}

function spanOf({ position }: Node, base: number): Span {
  return { start: base + (position?.start.offset ?? 0), end: base + (position?.end.offset ?? 0) };
}

/** The text that GitHub makes a heading's slug of: neither tags nor images count. */
function textOf(heading: Heading): string {
  let text = '';
  for (const node of nodesOf(heading.children as Node[])) {
    if (node.type === 'text' || node.type === 'inlineCode') text += node.value;
  }
  return text;
}

const tag = /<([a-z][a-z0-9-]*)(\s[^<>]*)>/gi;
const attribute = /(?<=[\s"'])(id|name|href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))/gi;

function readHtml(
  html: string,
  base: number,
  { links }: MarkdownDocument,
  anchors: Set<string>,
): void {
  const visible = html.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => ' '.repeat(comment.length));
  for (const { 1: name, 2: attributes, index } of visible.matchAll(tag)) {
    const start = base + index + 1 + name!.length;
    for (const match of attributes!.matchAll(attribute)) {
      const key = match[1]!.toLowerCase();
      const value = (match[2] ?? match[3] ?? match[4] ?? '').replaceAll('&amp;', '&');
      if (key === 'id' || (key === 'name' && name!.toLowerCase() === 'a')) anchors.add(value);
      else if (key !== 'name') {
        const at = start + match.index;
        links.push({ kind: 'html', url: value, start: at, end: at + match[0].length });
      }
    }
  }
}

const fullReference =
  /(?<![\w\])\\])\[[^[\]\n]{1,200}\]\[([^[\]\n]{0,200}?[a-z][^[\]\n]{0,200})\]/gi;

function readReferences(
  body: string,
  { start, end }: Span,
  base: number,
  document: MarkdownDocument,
): void {
  const text = body.slice(start, end);
  if (!text.includes('][')) return;
  for (const match of text.matchAll(fullReference)) {
    const at = base + start + match.index;
    document.undefinedReferences.push({ label: match[1]!, start: at, end: at + match[0].length });
  }
}
