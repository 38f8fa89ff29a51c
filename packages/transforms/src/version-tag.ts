import { isMap, isScalar, parseDocument } from 'yaml';
import { digestOf, type Edit } from '@holdfast/text';
import { lineEndingOf } from './comment-syntax.js';
import { findFrontMatter, type FrontMatter } from './front-matter.js';
import { addTopComment, removeTopComment } from './header.js';
import type { Transform, TransformInput, TransformResult } from './transform.js';

/** `version_tag`: the release's version in each file. */
export interface VersionTagSettings {
  /**
   * `front_matter` of Markdown, created if absent, or a `header` line in a comment. Files of other
   * kinds always get the line. Default: `front_matter`.
   */
  place?: 'front_matter' | 'header' | undefined;
  /** Default: the namespace with `_version`. */
  key?: string | undefined;
}

/** Front matter beyond this size, in UTF-16 units, is not parsed. */
const largestFrontMatter = 65_536;

/** Writes the release's version into each file. It changes every file at every release. */
export function createVersionTag(
  { place = 'front_matter', key }: VersionTagSettings,
  namespace: string,
): Transform {
  const name = key ?? `${namespace}_version`;
  const inFrontMatter = ({ kind }: TransformInput) =>
    place === 'front_matter' && kind === 'markdown';
  return {
    name: 'version_tag',
    reversible: true,
    digest: digestOf({ version_tag: place, name }),
    dependsOn: ['version'],
    describe: () =>
      `version_tag: ${name} in ${place === 'header' ? 'a comment' : 'the front matter'}`,
    transform: (input, { source }) =>
      inFrontMatter(input)
        ? setKey(input.text, name, source.version)
        : addTopComment(input, [`${name}: ${source.version}`]),
    reverse: (input, { source }) =>
      inFrontMatter(input)
        ? removeKey(input.text, name, source.version)
        : removeTopComment(input, [`${name}: ${source.version}`]),
  };
}

const malformed: TransformResult = { kind: 'not-applied', reason: 'malformed' };

function setKey(text: string, key: string, version: string): TransformResult {
  const line = `${writeScalar(key)}: ${writeScalar(version)}`;
  const frontMatter = findFrontMatter(text);
  const lineEnding = lineEndingOf(text);
  if (frontMatter === undefined) {
    const at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    const block = ['---', line, '---', ''].join(lineEnding);
    return { kind: 'edited', edits: [{ start: at, end: at, text: block }] };
  }
  const value = findValue(text, frontMatter, key);
  if (value === 'malformed') return malformed;
  const end = frontMatter.content.end;
  if (value === undefined) {
    return { kind: 'edited', edits: [{ start: end, end, text: line + lineEnding }] };
  }
  const written = writeScalar(version);
  const edits: Edit[] = [{ ...value, text: written }];
  return { kind: 'edited', edits: text.slice(value.start, value.end) === written ? [] : edits };
}

/** Takes the key away, and front matter that holds nothing else with it. */
function removeKey(text: string, key: string, version: string): TransformResult {
  const frontMatter = findFrontMatter(text);
  const none: TransformResult = { kind: 'edited', edits: [] };
  if (frontMatter === undefined) return none;
  const lineEnding = lineEndingOf(text);
  const line = `${writeScalar(key)}: ${writeScalar(version)}${lineEnding}`;
  const content = text.slice(frontMatter.content.start, frontMatter.content.end);
  if (!content.endsWith(line)) return none;
  const { start, end } = content === line ? frontMatter : frontMatter.content;
  const from = content === line ? start : end - line.length;
  return { kind: 'edited', edits: [{ start: from, end, text: '' }] };
}

/** Where a top-level key's value stands, so that it can be replaced and all else stays. */
function findValue(
  text: string,
  { content }: FrontMatter,
  key: string,
): { start: number; end: number } | undefined | 'malformed' {
  if (content.end - content.start > largestFrontMatter) return 'malformed';
  const document = parseDocument(text.slice(content.start, content.end), {
    keepSourceTokens: false,
  });
  if (document.errors.length > 0) return 'malformed';
  if (document.contents === null) return undefined;
  if (!isMap(document.contents) || document.contents.flow === true) return 'malformed';
  const pair = document.contents.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (pair === undefined) return undefined;
  const range = isScalar(pair.value) ? pair.value.range : undefined;
  if (!range || range[0] === range[1]) return 'malformed';
  return { start: content.start + range[0], end: content.start + range[1] };
}

const plainScalar = /^(?:[A-Za-z_][\w./+-]*|v?\d+\.\d+\.\d+[\w.+-]*)$/;
const meansSomethingElse = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

function writeScalar(value: string): string {
  return plainScalar.test(value) && !meansSomethingElse.test(value) ? value : JSON.stringify(value);
}
