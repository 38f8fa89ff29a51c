import type { Check, CheckInput } from './check.js';
import type { ValidationFile } from './validation-file.js';
import type { Span } from '@holdfast/text';
import { formatOf } from './document-reader.js';
import type { Finding } from '@holdfast/findings';

export interface VersionTagOptions {
  /** Which files must bear the tag. Default: Markdown files, MDX aside. */
  files?: (path: string) => boolean;
  /** The key in front matter or in a header line. Default `holdfast_version`. */
  key?: string;
}

/** Lines in which a header may stand where there is no front matter. */
const headerLines = 20;

/**
 * Checks that each file bears the version that it was delivered at: `KEY: VERSION` in front matter, or in a comment
 * among its first lines. It warns; it never blocks.
 *
 * Findings: `version/missing`, `version/mismatch`.
 */
export function versionTagCheck(options: VersionTagOptions = {}): Check {
  const { files = isMarkdown, key = 'holdfast_version' } = options;
  return {
    id: 'version_tag',
    needs: ['files'],
    failureAction: 'warn',
    run(input) {
      const tagged = input.files.filter((file) => files(file.path) && input.documents.text(file));
      const findings = tagged.flatMap((file) => checkVersion(input, file, key));
      const skipped = tagged.length === 0;
      return { findings, details: summarise(input, tagged.length, findings.length), skipped };
    },
  };
}

function isMarkdown(path: string): boolean {
  return formatOf(path) === 'markdown' && !path.toLowerCase().endsWith('.mdx');
}

function summarise({ sourceVersion }: CheckInput, tagged: number, wrong: number): string {
  if (tagged === 0) return 'no file is to bear a version';
  const share = wrong === 0 ? 'all files' : `${tagged - wrong} of ${tagged} files`;
  return `${sourceVersion} present in ${share}`;
}

function checkVersion(
  { documents, sourceVersion }: CheckInput,
  file: ValidationFile,
  key: string,
): Finding[] {
  const { text, lines } = documents.text(file)!;
  const found = findVersion(text, key, documents.markdown(file)?.frontMatter);
  const { path } = file;
  if (!found) {
    const message = `expected ${key}: ${sourceVersion} in front matter or a header line, found none`;
    return [{ ruleId: 'version/missing', severity: 'warning', message, path }];
  }
  if (normalise(found.version) === normalise(sourceVersion)) return [];
  return [
    {
      ruleId: 'version/mismatch',
      severity: 'warning',
      message: `expected ${key}: ${sourceVersion}, got ${found.version}`,
      path,
      range: lines.rangeAt(found.start, found.end),
      data: { expected: sourceVersion, actual: found.version },
    },
  ];
}

const versionLine = /^[\s<!\-#/*;>%"']*([\w.-]+)["']?:[ \t]*["']?([^\s"']+)/;

function findVersion(
  text: string,
  key: string,
  frontMatter: Span | undefined,
): (Span & { version: string }) | undefined {
  let offset = 0;
  // A header stands among the first lines, or among those behind the front matter.
  let left = headerLines;
  for (const line of text.split('\n')) {
    if (offset > (frontMatter?.end ?? -1) && left-- === 0) return undefined;
    const match = versionLine.exec(line);
    if (match?.[1] === key) {
      return { version: match[2]!, start: offset, end: offset + line.trimEnd().length };
    }
    offset += line.length + 1;
  }
  return undefined;
}

/** `v2.4.0` and `2.4.0` are one version. */
function normalise(version: string): string {
  return version.replace(/^v(?=\d)/, '');
}
