import { parse, postprocess, preprocess } from 'micromark';
import { gfm } from 'micromark-extension-gfm';
import { normalizeIdentifier } from 'micromark-util-normalize-identifier';
import type { MarkdownScan, ScannedLink, Span } from './markdown-scan.js';

type Events = ReturnType<typeof postprocess>;
type Token = Events[number][1];

const linkKinds: ReadonlyMap<string, 'link' | 'image' | 'definition' | 'autolink'> = new Map([
  ['link', 'link'],
  ['image', 'image'],
  ['definition', 'definition'],
  ['autolink', 'autolink'],
]);

/**
 * Finds links by micromark's tokens, with the GFM extensions: the truth that the quick scanner is
 * measured against, and the way for documents that it leaves alone. The text has no byte order mark.
 */
export function scanWithMicromark(text: string): MarkdownScan {
  const scan: MarkdownScan = { links: [], codeSpans: [], codeBlocks: [], html: [] };
  const open: ScannedLink[] = [];
  const read = (token: Token) => text.slice(token.start.offset, token.end.offset);

  for (const [direction, token] of eventsOf(text)) {
    const type: string = token.type; // extensions add to micromark's own
    const kind = linkKinds.get(type);
    if (direction === 'exit') {
      if (kind !== undefined) finishLink(open.pop() as ScannedLink, text);
      continue;
    }
    if (kind !== undefined) {
      const link: ScannedLink = { kind, ...spanOf(token) };
      scan.links.push(link);
      open.push(link);
      continue;
    }
    const link = open.at(-1);
    switch (type) {
      case 'codeText':
        scan.codeSpans.push(spanOf(token));
        break;
      case 'codeFenced':
      case 'codeIndented':
        scan.codeBlocks.push(spanOf(token));
        break;
      case 'htmlFlow':
      case 'htmlText':
        scan.html.push(spanOf(token));
        break;
      case 'labelText':
      case 'definitionLabelString':
        if (link !== undefined) link.text ??= spanOf(token);
        break;
      case 'resource':
        if (link !== undefined) link.angled = false;
        break;
      case 'resourceDestinationLiteral':
      case 'definitionDestinationLiteral':
        if (link !== undefined) link.angled = true;
        break;
      case 'resourceDestinationString':
      case 'definitionDestinationString':
      case 'autolinkProtocol':
      case 'autolinkEmail':
        if (link !== undefined) link.destination = spanOf(token);
        break;
      case 'referenceString':
        if (link !== undefined) link.label = normalizeIdentifier(read(token));
        break;
    }
  }
  return scan;
}

/** micromark's tokens, with the GFM extensions. */
export function eventsOf(text: string): Events {
  const parser = parse({ extensions: [gfm()] });
  return postprocess(parser.document().write(preprocess()(text, undefined, true)));
}

function spanOf(token: Token): Span {
  return { start: token.start.offset, end: token.end.offset };
}

/** A link without a resource is a reference; its label is its text where none is given. */
function finishLink(link: ScannedLink, text: string): void {
  if (link.kind === 'autolink') return;
  const spot = link.text ?? { start: link.start + 1, end: link.start + 1 };
  link.text = spot;
  if (link.kind === 'definition') {
    link.angled ??= false;
    link.label = normalizeIdentifier(text.slice(spot.start, spot.end));
  } else if (link.angled === undefined) {
    link.kind = link.kind === 'link' ? 'linkReference' : 'imageReference';
    link.label ??= normalizeIdentifier(text.slice(spot.start, spot.end));
  }
}
