import { parseData, type DataFormat } from './document-reader.js';
import type { ValidationLimits } from './limits.js';

/** A longer block is no template: its problems are reported as they are. In UTF-16 units. */
const longestTemplate = 65_536;

/**
 * Tells a fenced block that is plainly a template or a fragment from one that is broken. A block that does not parse
 * (or repeats a key) is a template or a fragment when it parses
 *
 * - after its placeholders (`{{…}}`, `{%…%}`, `${…}`, `<name>`) became values, its ellipses (`...`, `…`) were taken
 *   out, and of alternatives (`"a" | "b"`) the first was kept; in JSON, comments and trailing commas are read over;
 * - or then as the inside of an object or an array, or line by line (JSON);
 * - or then part by part, the parts being separated by empty lines: several examples in one block.
 *
 * Whatever else does not parse is broken.
 */
export function isTemplateBlock(
  content: string,
  format: DataFormat,
  limits: Readonly<ValidationLimits>,
): boolean {
  if (content.length > longestTemplate) return false;
  if (format !== 'yaml' && isLines(content, format, limits)) return true;
  const filled = fill(content, format);
  const parts = filled.split(/\n(?:[ \t]*\n)+(?=\S)/);
  return (
    readsAs(filled, format, limits) ||
    (parts.length > 1 && parts.every((part) => readsAs(part, format, limits)))
  );
}

/** JSON lines: several values, each on a line of its own. */
function isLines(content: string, format: DataFormat, limits: Readonly<ValidationLimits>): boolean {
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.every((line) => parses(line, format, limits));
}

/**
 * Tells a whole file that is the template of a JSON or YAML file (Helm, Jinja, Go, ERB) from one that is broken: it has
 * what a template engine fills in, on lines of its own or in the place of values. The expressions of GitHub's workflows
 * (`${{ … }}`) are none: they stand in YAML that parses.
 */
export function isTemplateFile(
  text: string,
  format: DataFormat,
  limits: Readonly<ValidationLimits>,
): boolean {
  if (!templateAction.test(text)) return false;
  return templateLine.test(text) || (hasPlaceholder(text) && isTemplateBlock(text, format, limits));
}

/** Whether something is to be filled in, and not within a string. */
function hasPlaceholder(text: string): boolean {
  for (const { groups } of text.matchAll(marks))
    if (groups?.['placeholder'] !== undefined) return true;
  return false;
}

const templateAction = /(?<!\$)\{\{|\{%|<%/;

/** A line of control flow: nothing but what begins, ends or includes. */
const templateLine =
  /^[ \t]*(?:\{\{-?[ \t]*(?:\/\*|(?:if|else|end|range|with|define|template|include|block|toYaml|tpl|#|\/)(?![\w]))|\{%-?[ \t]*(?:if|else|elif|endif|for|endfor|set|macro|block|include|import|extends|raw)(?![\w])|<%[-=#]?[ \t]*\w)/m;

function readsAs(text: string, format: DataFormat, limits: Readonly<ValidationLimits>): boolean {
  if (format === 'yaml') return parses(text, 'yaml', limits);
  return [text, `{${text}\n}`, `[${text}\n]`].some((reading) => parses(reading, 'jsonc', limits));
}

function parses(text: string, format: DataFormat, limits: Readonly<ValidationLimits>): boolean {
  return parseData(text, format, limits).problems.length === 0;
}

const string = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\n])*'`;
const placeholder = String.raw`\{\{[^{}\n]{0,200}\}\}|\{%[^%\n]{0,200}%\}|\$\{[^{}\n]{0,200}\}|<[A-Za-z][\w .:/|-]{0,100}>`;
const ellipsis = String.raw`\.{3}|…`;
const marks = new RegExp(
  `(?<string>${string})|(?<placeholder>${placeholder})|(?:${ellipsis})`,
  'g',
);

function fill(content: string, format: DataFormat): string {
  const value = format === 'yaml' ? 'x' : '"x"';
  const filled = content.replace(marks, (...match) => {
    const groups = match.at(-1) as { string?: string; placeholder?: string };
    return groups.string ?? (groups.placeholder === undefined ? '' : value);
  });
  const single = filled.replace(alternatives, '$<first>');
  return format === 'yaml' ? single : closeGaps(single);
}

/** `a | b | "c"` on one line, where a value stands. */
const alternatives =
  /(?<first>"[^"\n]{0,100}"|\b[\w*-]{1,60}|\[[^[\]\n]{0,100}\])(?:[ \t]{0,9}\|[ \t]{0,9}(?:"[^"\n]{0,100}"|[\w*-]{1,60}|\[[^[\]\n]{0,100}\])){1,50}/g;

/** What an ellipsis leaves behind in JSON: a key without value, two commas, a comma after an opening bracket. */
function closeGaps(json: string): string {
  return json
    .replace(/:\s*(?=[,}\]]|$)/g, ': null')
    .replace(/,(?:\s*,)+/g, ',')
    .replace(/([{[])\s*,/g, '$1')
    .trim()
    .replace(/^,|,$/g, '');
}
