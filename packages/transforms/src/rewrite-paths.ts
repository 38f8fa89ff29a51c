import { digestOf, type Edit, sortEdits } from '@holdfast/text';
import type { DocumentScan } from './scan-markdown.js';
import type { Span } from './markdown-scan.js';
import { rewritePrefix, type PathPrefix } from './rewrite-prefix.js';
import type { Transform, TransformInput, TransformResult } from './transform.js';

/** Prefixes for each place outside links; see {@link RewritePathsSettings}. */
export interface PathPrefixes {
  codeSpans: readonly PathPrefix[];
  text: readonly PathPrefix[];
}

/**
 * Rewrites path prefixes in code spans that are a path, and in all other text. A code span is a path if
 * it has no white space, quotes or brackets of a command; code blocks and raw HTML are never touched.
 */
export function createRewritePaths(prefixes: PathPrefixes): Transform {
  const inverse = {
    codeSpans: prefixes.codeSpans.map(swap),
    text: prefixes.text.map(swap),
  };
  return {
    name: 'rewrite_paths',
    reversible: true,
    digest: digestOf({ rewrite_paths: prefixes }),
    dependsOn: [],
    describe: () => `rewrite_paths: ${describePrefixes(prefixes)}`,
    transform: (input) => rewritePaths(input, prefixes),
    reverse: (input) => rewritePaths(input, inverse),
  };
}

function swap({ from, to }: PathPrefix): PathPrefix {
  return { from: to, to: from };
}

function describePrefixes({ codeSpans, text }: PathPrefixes): string {
  const list = (places: string, prefixes: readonly PathPrefix[]) =>
    prefixes.map(({ from, to }) => `${from} to ${to} in ${places}`);
  return [...list('code spans', codeSpans), ...list('text', text)].join(', ');
}

function rewritePaths(input: TransformInput, { codeSpans, text }: PathPrefixes): TransformResult {
  const { kind } = input;
  if (kind !== 'markdown' && text.length === 0)
    return { kind: 'not-applied', reason: 'not-markdown' };
  const all = [...codeSpans, ...text];
  if (!all.some(({ from }) => input.text.includes(from))) return { kind: 'edited', edits: [] };
  if (kind !== 'markdown') {
    return {
      kind: 'edited',
      edits: rewriteIn(input.text, { start: 0, end: input.text.length }, text),
    };
  }
  const scan = input.scan();
  const inCode = scan.codeSpans.flatMap((span) => rewriteCodeSpan(input.text, span, codeSpans));
  const outside = text.length === 0 ? [] : spansOfText(input.text.length, scan);
  const inText = outside.flatMap((span) => rewriteIn(input.text, span, text));
  return { kind: 'edited', edits: sortEdits([...inCode, ...inText]) };
}

const notOfPath = /[\s"'`<>|;,(){}$!]/;
const longestPath = 4096;

function rewriteCodeSpan(text: string, span: Span, prefixes: readonly PathPrefix[]): Edit[] {
  if (span.end - span.start > longestPath) return [];
  const content = contentOfCode(text, span);
  const path = text.slice(content.start, content.end);
  const to = notOfPath.test(path) ? undefined : rewritePrefix(path, prefixes);
  return to === undefined ? [] : [{ ...content, text: to }];
}

/** What is between the backticks, without the one space that may stand on either side. */
function contentOfCode(text: string, span: Span): Span {
  let { start, end } = span;
  while (start < end && text[start] === '`' && text[end - 1] === '`') {
    start++;
    end--;
  }
  const padded = text[start] === ' ' && text[end - 1] === ' ' && end - start > 2;
  return padded ? { start: start + 1, end: end - 1 } : { start, end };
}

/** What is neither code, nor raw HTML, nor a link's destination, nor front matter. */
function spansOfText(length: number, scan: DocumentScan): Span[] {
  const destinations = scan.links.flatMap((link) => link.destination ?? []);
  const holes = [
    scan.frontMatter,
    ...scan.codeSpans,
    ...scan.codeBlocks,
    ...scan.html,
    ...destinations,
  ];
  const spans: Span[] = [];
  let position = 0;
  for (const { start, end } of holes.sort((a, b) => a.start - b.start)) {
    if (start > position) spans.push({ start: position, end: start });
    position = Math.max(position, end);
  }
  if (position < length) spans.push({ start: position, end: length });
  return spans;
}

const partOfName = /[\p{L}\p{N}_-]/u;
const partOfPath = /[\p{L}\p{N}_.\-/~@%+\\:]/u;

/** Prefixes in running text: where no path, word or address goes on before them. The first one in place wins. */
function rewriteIn(text: string, { start, end }: Span, prefixes: readonly PathPrefix[]): Edit[] {
  const part = text.slice(start, end);
  const before = start === 0 ? '' : (text[start - 1] as string);
  const found = prefixes.flatMap(({ from, to }) =>
    placesOf(part, from, before).map((at) => ({
      start: start + at,
      end: start + at + from.length,
      text: to,
    })),
  );
  let position = start;
  return sortEdits(found).filter((edit) => {
    if (edit.start < position) return false;
    position = edit.end;
    return true;
  });
}

function placesOf(part: string, from: string, before: string): number[] {
  const places: number[] = [];
  for (let at = part.indexOf(from); at >= 0; at = part.indexOf(from, at + 1)) {
    const previous = at === 0 ? before : (part[at - 1] as string);
    const next = part[at + from.length] ?? '';
    const goesOn = !from.endsWith('/') && next !== '/' && partOfName.test(next);
    if (!partOfPath.test(previous) && !goesOn) places.push(at);
  }
  return places;
}
