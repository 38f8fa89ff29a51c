import type { CheckInput } from './check.js';
import type { ValidationFile } from './validation-file.js';
import { isTemplateBlock } from './classify-block.js';
import type { DataDocument, Span } from './data-document.js';
import { parseData, type DataFormat, type TextDocument } from './document-reader.js';
import type { Range } from './finding.js';
import { indexLines } from './line-index.js';
import type { FencedBlock } from './parse-markdown.js';

/** A JSON or YAML text somewhere in a file. */
export interface DataPart {
  file: ValidationFile;
  origin: 'file' | 'block' | 'front matter';
  document: DataDocument;
  rangeOf(span: Span): Range;
  /** A schema named in a comment of the text. */
  schemaComment?: string;
}

/** The JSON and YAML texts of a file: the file itself, or the front matter and the fenced blocks of a Markdown document. */
export function* dataPartsOf(
  file: ValidationFile,
  { documents, limits }: CheckInput,
): Generator<DataPart | 'template'> {
  const text = documents.text(file);
  const data = documents.data(file);
  const markdown = documents.markdown(file);
  if (!text) return;
  if (data) yield filePart(file, data, text);
  if (markdown?.frontMatter) {
    const { start, end } = markdown.frontMatter;
    const document = parseData(text.text.slice(start, end), 'yaml', limits);
    const rangeOf = (span: Span) => text.lines.rangeAt(start + span.start, start + span.end);
    yield { file, origin: 'front matter', document, rangeOf };
  }
  for (const block of markdown?.blocks ?? []) {
    const format = blockFormats.get(block.language) ?? 'yaml';
    const document = parseData(block.content, format, limits);
    const broken = document.problems.some(
      ({ code }) => code === 'syntax' || code === 'duplicate-key',
    );
    if (broken && isTemplateBlock(block.content, format, limits)) yield 'template';
    else
      yield { file, origin: 'block', document, rangeOf: (span) => rangeInBlock(span, block, text) };
  }
}

const blockFormats: ReadonlyMap<string, DataFormat> = new Map([
  ['json', 'json'],
  ['jsonc', 'jsonc'],
]);

function filePart(
  file: ValidationFile,
  document: DataDocument,
  { text, lines }: TextDocument,
): DataPart {
  const named = /^#[ \t]*yaml-language-server:[ \t]*\$schema=(\S+)/m.exec(text.slice(0, 4096))?.[1];
  const rangeOf = ({ start, end }: Span) => lines.rangeAt(start, end);
  return {
    file,
    origin: 'file',
    document,
    rangeOf,
    ...(named !== undefined && { schemaComment: named }),
  };
}

/** Places in a block's content become places in the file: its lines may have lost the indentation of a list or quote. */
function rangeInBlock(span: Span, block: FencedBlock, { text, lines }: TextDocument): Range {
  const range = indexLines(block.content).rangeAt(span.start, span.end);
  const contentLines = block.content.split('\n');
  const fileLines = text
    .slice(block.start, block.end)
    .split(/\r\n?|\n/)
    .slice(1);
  const first = lines.positionAt(block.start).line + 1;

  function shift({ line, column }: Range['start']): Range['start'] {
    const lost = (fileLines[line - 1]?.length ?? 0) - (contentLines[line - 1]?.length ?? 0);
    return { line: first + line - 1, column: column + Math.max(0, lost) };
  }
  return { start: shift(range.start), end: shift(range.end) };
}
