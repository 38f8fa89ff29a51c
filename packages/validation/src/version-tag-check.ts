import type { Check, CheckInput, ValidationFile } from './check.js';
import { formatOf } from './document-reader.js';
import type { Finding } from './finding.js';
import { indexLines } from './line-index.js';
import type { Span } from './data-document.js';

export interface VersionTagOptions {
  /** Which files must bear the tag. Default: Markdown files. */
  files?: (path: string) => boolean;
  /** The key in front matter. Default `source_version`. */
  key?: string;
  /** Finds the tag in a header line: the first group is the version. Default: a comment or line `Source version: v1.2.3` or `Version: v1.2.3`. */
  header?: RegExp;
}

/** Lines in which a header may stand. */
const headerLines = 20;

const defaultHeader =
  /^[ \t]*(?:<!--|#|\/\/|>)?[ \t]*\**(?:source[ _-])?version:?\**:?[ \t]*[`"']?(\S+?)[`"',;]?(?:[ \t].*)?$/im;

/**
 * Checks that each file bears the version it was delivered at, in front matter or a header line. It warns; it never
 * blocks.
 *
 * Findings: `version/missing`, `version/mismatch`.
 */
export function versionTagCheck(options: VersionTagOptions = {}): Check {
  const { files = isMarkdown, key = 'source_version', header = defaultHeader } = options;
  return {
    id: 'version_tag',
    needs: ['files'],
    failureAction: 'warn',
    run(input) {
      const tagged = input.files.filter((file) => files(file.path) && input.documents.text(file));
      const findings = tagged.flatMap((file) => checkVersion(input, file, key, header));
      const { sourceVersion } = input;
      if (tagged.length === 0)
        return { findings, details: 'no file is to bear a version', skipped: true };
      if (findings.length === 0)
        return { findings, details: `${sourceVersion} present in all files` };
      const present = tagged.length - findings.length;
      return {
        findings,
        details: `${sourceVersion} present in ${present} of ${tagged.length} files`,
      };
    },
  };
}

function isMarkdown(path: string): boolean {
  return formatOf(path) === 'markdown';
}

function checkVersion(
  { documents, sourceVersion }: CheckInput,
  file: ValidationFile,
  key: string,
  header: RegExp,
): Finding[] {
  const { text } = documents.text(file)!;
  const found =
    findInFrontMatter(text, key, documents.markdown(file)?.frontMatter) ??
    findInHeader(text, header);
  const { path } = file;
  if (!found) {
    const message = `expected the version ${sourceVersion} in front matter (${key}) or in a header line, found none`;
    return [{ ruleId: 'version/missing', severity: 'warning', message, path }];
  }
  if (normalise(found.version) === normalise(sourceVersion)) return [];
  return [
    {
      ruleId: 'version/mismatch',
      severity: 'warning',
      message: `expected the version ${sourceVersion}, got ${found.version}`,
      path,
      range: indexLines(text).rangeAt(found.start, found.end),
      data: { expected: sourceVersion, actual: found.version },
    },
  ];
}

interface FoundVersion extends Span {
  version: string;
}

function findInFrontMatter(
  text: string,
  key: string,
  span: Span | undefined,
): FoundVersion | undefined {
  if (!span) return undefined;
  for (const match of text
    .slice(span.start, span.end)
    .matchAll(/^([\w.-]+):[ \t]*["']?([^\s"'#]+)["']?/gm)) {
    if (match[1] !== key) continue;
    const start = span.start + match.index;
    return { version: match[2]!, start, end: start + match[0].length };
  }
  return undefined;
}

function findInHeader(text: string, header: RegExp): FoundVersion | undefined {
  const lines = text.split('\n', headerLines);
  let offset = 0;
  for (const line of lines) {
    const version = header.exec(line)?.[1];
    if (version !== undefined) return { version, start: offset, end: offset + line.length };
    offset += line.length + 1;
  }
  return undefined;
}

/** `v2.4.0` and `2.4.0` are one version. */
function normalise(version: string): string {
  return version.replace(/^v(?=\d)/, '');
}
