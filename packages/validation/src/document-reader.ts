import type { ValidationFile } from './validation-file.js';
import type { Finding } from '@holdfast/findings';
import type { ValidationLimits } from './limits.js';
import { indexLines, readJson, readYaml, type DataText, type LineIndex } from '@holdfast/text';
import { MarkdownDepthError, parseMarkdown, type MarkdownDocument } from './parse-markdown.js';
import { createTimeLimit, TimeLimitError, type RunWithin } from './time-limit.js';

/** A file's text, without its byte order mark. */
export interface TextDocument {
  text: string;
  lines: LineIndex;
}

/**
 * Reads and parses documents, each one once however many checks ask. A file that cannot be read gives undefined,
 * and a finding among {@link DocumentReader.problems}.
 */
export interface DocumentReader {
  /** The text; undefined for a symbolic link, a submodule, a binary file, and a file beyond the limit. */
  text(file: ValidationFile): TextDocument | undefined;
  /** The file as Markdown; undefined also when its name does not say that it is Markdown. */
  markdown(file: ValidationFile): MarkdownDocument | undefined;
  /** The file as JSON or YAML; undefined also when its name says neither. */
  data(file: ValidationFile): DataText | undefined;
  /** What could not be read so far, of the files given at the start. */
  problems(): Finding[];
}

/** A reader over the files of one run; the problems of other files are not recorded. */
export function createDocumentReader(
  files: readonly ValidationFile[],
  limits: Readonly<ValidationLimits>,
): DocumentReader {
  const own = new Set(files);
  const problems: Finding[] = [];
  const runWithin = createTimeLimit();

  const text = memoise((file): TextDocument | undefined => {
    const read = readText(file, limits);
    if (read.problem && own.has(file)) problems.push(read.problem);
    return read.text === undefined ? undefined : { text: read.text, lines: indexLines(read.text) };
  });
  const markdown = memoise((file) => {
    const document = formatOf(file.path) === 'markdown' ? text(file) : undefined;
    if (!document) return undefined;
    const parsed = readMarkdown(document.text, file.path, limits, runWithin);
    if (!('problem' in parsed)) return parsed;
    if (own.has(file)) problems.push(parsed.problem);
    return undefined;
  });
  const data = memoise((file) => {
    const format = formatOf(file.path);
    if (format === undefined || format === 'markdown') return undefined;
    const document = text(file);
    return document && parseData(document.text, format, limits);
  });

  return { text, markdown, data, problems: () => problems };
}

function readMarkdown(
  text: string,
  path: string,
  { maxDepth, markdownTimeoutMs: timeoutMs }: ValidationLimits,
  runWithin: RunWithin,
): MarkdownDocument | { problem: Finding } {
  try {
    return parseMarkdown(text, { maxDepth, timeoutMs, runWithin });
  } catch (error) {
    if (error instanceof MarkdownDepthError) {
      return {
        problem: { ruleId: 'input/too-deep', severity: 'error', message: error.message, path },
      };
    }
    if (error instanceof TimeLimitError || error instanceof RangeError) {
      const message = `its Markdown is too involved to be parsed within ${timeoutMs} ms; its links were not checked`;
      return { problem: { ruleId: 'input/too-costly', severity: 'error', message, path } };
    }
    throw error;
  }
}

function memoise<T>(read: (file: ValidationFile) => T): (file: ValidationFile) => T {
  const known = new Map<ValidationFile, T>();
  return (file) => {
    if (known.has(file)) return known.get(file) as T;
    const value = read(file);
    known.set(file, value);
    return value;
  };
}

export type DataFormat = 'json' | 'jsonc' | 'yaml';

/** Parses a text as JSON, JSON with comments, or YAML. */
export function parseData(
  text: string,
  format: DataFormat,
  limits: Readonly<ValidationLimits>,
): DataText {
  const { maxDepth, maxYamlLength } = limits;
  if (format !== 'yaml') return readJson(text, { maxDepth, comments: format === 'jsonc' });
  const { values, problems } = readYaml(text, {
    maxDepth,
    maxLength: maxYamlLength,
    mergeKeys: true,
  });
  // Tags are YAML: what uses them knows them.
  return { values, problems: problems.filter(({ code }) => code !== 'unknown-tag') };
}

/** What a path's name says of its content. */
export function formatOf(path: string): DataFormat | 'markdown' | undefined {
  if (/\.(?:mdx?|mdc|markdown|mdown|mkdn?)$/i.test(path)) return 'markdown';
  if (/\.ya?ml$/i.test(path)) return 'yaml';
  if (/\.jsonc$|(?:^|\/)(?:[tj]sconfig[^/]*|\.vscode\/[^/]*|devcontainer)\.json$/i.test(path))
    return 'jsonc';
  return /\.json$/i.test(path) ? 'json' : undefined;
}

interface ReadText {
  text?: string;
  problem?: Finding;
}

function readText(file: ValidationFile, { maxTextBytes }: ValidationLimits): ReadText {
  const { path, content, mode } = file;
  if (mode === '120000' || mode === '160000') return {};
  if (content.length > maxTextBytes) {
    const message = `${content.length} bytes, more than the ${maxTextBytes} that are read; its content was not checked`;
    return { problem: { ruleId: 'input/too-large', severity: 'error', message, path } };
  }
  const utf16 = utf16Label(content);
  if (!utf16 && isBinary(content)) {
    if (formatOf(path) === undefined) return {};
    const message =
      'its name says that it is text, but it holds NUL bytes; its content was not checked';
    return { problem: { ruleId: 'input/binary', severity: 'error', message, path } };
  }
  return decode(content, utf16 ?? 'utf-8', path);
}

function decode(content: Uint8Array, label: string, path: string): ReadText {
  try {
    return { text: new TextDecoder(label, { fatal: true }).decode(content) };
  } catch {
    const text = new TextDecoder(label).decode(content);
    if (formatOf(path) === undefined) return { text };
    const message = `it is not valid ${label.toUpperCase()}; what could not be decoded was replaced`;
    return { text, problem: { ruleId: 'input/encoding', severity: 'warning', message, path } };
  }
}

function utf16Label(content: Uint8Array): string | undefined {
  if (content[0] === 0xff && content[1] === 0xfe) return 'utf-16le';
  return content[0] === 0xfe && content[1] === 0xff ? 'utf-16be' : undefined;
}

/** As git decides it: a NUL among the first 8,000 bytes. */
function isBinary(content: Uint8Array): boolean {
  return content.subarray(0, 8000).includes(0);
}
