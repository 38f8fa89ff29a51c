import type { Range } from '@holdfast/findings';
import { indexLines, type DataText, type Span } from '@holdfast/text';
import type { CheckInput } from './check.js';
import { isTemplateBlock, isTemplateFile } from './classify-block.js';
import { formatOf, parseData, type DataFormat, type TextDocument } from './document-reader.js';
import type { FencedBlock } from './parse-markdown.js';
import { withoutCodeMarks } from './code-marks.js';
import type { ValidationFile } from './validation-file.js';

/** A JSON or YAML text somewhere in a file. */
export interface DataPart {
  file: ValidationFile;
  origin: 'file' | 'block' | 'front matter';
  document: DataText;
  rangeOf(span: Span): Range;
  /** A schema named in a comment of the text. */
  schemaComment?: string;
}

/** A text that only becomes JSON or YAML when something is filled in. */
export type TemplatePart = 'template block' | 'template file';

/** The JSON and YAML texts of a file: the file itself, or the front matter and the fenced blocks of a Markdown document. */
export function* dataPartsOf(
  file: ValidationFile,
  { documents, limits }: CheckInput,
): Generator<DataPart | TemplatePart> {
  const text = documents.text(file);
  const data = documents.data(file);
  const markdown = documents.markdown(file);
  if (!text) return;
  if (data) {
    const isTemplate = isBroken(data) && isTemplateFile(text.text, formatOfData(file), limits);
    yield isTemplate ? 'template file' : filePart(file, data, text);
  }
  if (markdown?.frontMatter) {
    const { start, end } = markdown.frontMatter;
    const document = parseData(text.text.slice(start, end), 'yaml', limits);
    const rangeOf = (span: Span) => text.lines.rangeAt(start + span.start, start + span.end);
    yield { file, origin: 'front matter', document, rangeOf };
  }
  for (const block of markdown?.blocks ?? []) {
    const format = blockFormats.get(block.language) ?? 'yaml';
    const content = withoutCodeMarks(block.content);
    const document = parseData(content, format, limits);
    if (isBroken(document) && isTemplateBlock(content, format, limits)) yield 'template block';
    else
      yield { file, origin: 'block', document, rangeOf: (span) => rangeInBlock(span, block, text) };
  }
}

function isBroken({ problems }: DataText): boolean {
  return problems.some(({ code }) => suspicious.has(code));
}

/** `{{ name }}` is YAML: a mapping whose key is a mapping. */
const suspicious: ReadonlySet<string> = new Set(['syntax', 'duplicate-key', 'complex-key']);

function formatOfData({ path }: ValidationFile): DataFormat {
  const format = formatOf(path);
  return format === undefined || format === 'markdown' ? 'yaml' : format;
}

const blockFormats: ReadonlyMap<string, DataFormat> = new Map([
  ['json', 'json'],
  ['jsonc', 'jsonc'],
]);

function filePart(
  file: ValidationFile,
  document: DataText,
  { text, lines }: TextDocument,
): DataPart {
  const named = /^#[ \t]*yaml-language-server:[ \t]*\$schema=(\S+)/m.exec(text.slice(0, 4096))?.[1];
  return {
    file,
    origin: 'file',
    document,
    rangeOf: lines.rangeOf,
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
