import { applyEdits, digestOf, sortEdits } from '@holdfast/text';
import { commentSyntax, lineEndingOf, writeComment } from './comment-syntax.js';
import { describeLinks } from './find-links.js';
import type { Span } from './markdown-scan.js';
import type { DocumentScan } from './scan-markdown.js';
import { permalink } from './permalink.js';
import { stripLink } from './strip-link.js';
import type { Transform, TransformContext, TransformInput } from './transform.js';

/**
 * Replaces a file by a stub that says where the real one is. The stub holds the release's version and
 * commit, so a caller that keeps stubs of unchanged files writes fewer of them: see
 * {@link Pipeline.refresh}.
 */
export function createReferenceStub(): Transform {
  return {
    name: 'reference',
    reversible: false,
    digest: digestOf({ reference: true }),
    dependsOn: ['paths', 'source', 'version', 'commit'],
    describe: () => 'reference: a stub with a permalink to the source in place of each file',
    transform: (input, context) => {
      const { text } = input;
      return {
        kind: 'edited',
        edits: [{ start: 0, end: text.length, text: writeStub(input, context) }],
      };
    },
  };
}

function writeStub(input: TransformInput, context: TransformContext): string {
  const lineEnding = lineEndingOf(input.text);
  const lines = stubLines(input, context);
  const bom = input.text.charCodeAt(0) === 0xfeff ? '\ufeff' : '';
  return bom + lines.join(lineEnding) + lineEnding;
}

function stubLines(input: TransformInput, context: TransformContext): string[] {
  const { source, sourcePath } = context;
  const url = permalink(source, sourcePath);
  if (input.kind === 'json') return stubJson(context, url).split('\n');
  const release = `${source.name} ${source.version}`;
  if (input.kind === 'markdown') {
    const name = escapeMarkdown(sourcePath);
    const place = url === undefined ? `${name} at commit ${source.commit}` : `[${name}](${url})`;
    return [
      `# ${titleOf(input) ?? escapeMarkdown(nameOf(sourcePath))}`,
      '',
      `This document is maintained in ${escapeMarkdown(release)}: ${place}.`,
    ];
  }
  const lines = [
    nameOf(sourcePath),
    `This file is maintained in ${release}:`,
    url ?? `${sourcePath} at commit ${source.commit}`,
  ].map((line) => line.replace(/[\r\n]/g, ' '));
  const syntax = commentSyntax(input.kind);
  return syntax === undefined ? lines : writeComment(lines, syntax, '\n').split('\n');
}

function stubJson({ source, sourcePath }: TransformContext, url: string | undefined): string {
  const { name, version, commit } = source;
  const reference = {
    source: name,
    path: sourcePath,
    version,
    commit,
    ...(url === undefined ? {} : { url }),
  };
  return JSON.stringify(
    { $comment: 'This file is maintained in the source named here.', reference },
    null,
    2,
  );
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const heading = /^ {0,3}#{1,6}[ \t]+(?=[^\s#])/gm;
const longestTitle = 300;

/** The first heading's text, links in it reduced to theirs. */
function titleOf({ text, scan: read }: TransformInput): string | undefined {
  const scan = read();
  const holes = [...scan.codeBlocks, ...scan.html].sort((a, b) => a.start - b.start);
  let hole = 0;
  heading.lastIndex = scan.frontMatter.end;
  for (let match = heading.exec(text); match !== null; match = heading.exec(text)) {
    while ((holes[hole]?.end ?? Infinity) <= match.index) hole++;
    if ((holes[hole]?.start ?? Infinity) <= match.index) continue;
    const start = heading.lastIndex;
    const line = text.slice(start, start + longestTitle).split(/[\r\n]/, 1)[0] as string;
    return withoutLinks(text, scan, {
      start,
      end: start + line.replace(/[ \t]+#*[ \t]*$/, '').length,
    });
  }
  return undefined;
}

function withoutLinks(text: string, scan: DocumentScan, span: Span): string {
  const inside = ({ start, end }: Span) => start >= span.start && end <= span.end;
  const part = { ...scan, links: scan.links.filter(inside), html: scan.html.filter(inside) };
  const edits = describeLinks(text, part).flatMap((link) => stripLink(text, link));
  return applyEdits(text.slice(0, span.end), sortEdits(edits)).slice(span.start);
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, '\\$&').replace(/[\r\n]/g, ' ');
}
