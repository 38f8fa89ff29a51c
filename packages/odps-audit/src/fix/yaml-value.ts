import { isMapping } from '../mapping.js';

/** Plain data that is written as YAML. */
export type YamlValue =
  string | number | boolean | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** Words that some reader of YAML takes for something else than text. */
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null|~|\.nan|[-+]?\.inf)$/i;

/** A scalar as YAML: bare where every reader takes it for the text that it is, else in double quotes. */
export function formatScalar(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const isBare = /^[A-Za-z_][\w./-]*(?: [\w./-]+)*$/.test(value) && !RESERVED.test(value);
  return isBare ? value : quoteScalar(value);
}

/** A text in double quotes: JSON's escapes are YAML's, but for the line breaks that YAML alone has. */
export function quoteScalar(value: string): string {
  return JSON.stringify(value.toWellFormed()).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A key; those of dbt begin with `+`. */
export function formatKey(key: string): string {
  return /^\+?[A-Za-z_][\w-]*$/.test(key) && !RESERVED.test(key) ? key : quoteScalar(key);
}

/** A value on one line. */
export function formatFlow(value: YamlValue): string {
  if (Array.isArray(value)) return `[${value.map(formatFlow).join(', ')}]`;
  if (!isMapping(value)) return formatScalar(value as string | number | boolean);
  const members = Object.entries(value as Record<string, YamlValue>);
  return `{${members.map(([key, one]) => `${formatKey(key)}: ${formatFlow(one)}`).join(', ')}}`;
}

/** `key: value` as lines, each indented by so many spaces, nested ones by two more. */
export function blockMember(key: string, value: YamlValue, indent: number): string[] {
  const head = `${' '.repeat(indent)}${formatKey(key)}:`;
  if (typeof value !== 'object' || Object.keys(value).length === 0)
    return [`${head} ${formatFlow(value)}`];
  return [head, ...blockLines(value, indent + 2)];
}

/** A list or mapping as lines. */
export function blockLines(value: YamlValue, indent: number): string[] {
  if (Array.isArray(value)) return value.flatMap((item: YamlValue) => blockItem(item, indent));
  return Object.entries(value as Record<string, YamlValue>).flatMap(([key, one]) =>
    blockMember(key, one, indent),
  );
}

/** One item of a list as lines; its own lines begin `gap` columns behind the dash. */
export function blockItem(item: YamlValue, indent: number, gap = 2): string[] {
  const dash = `${' '.repeat(indent)}-${' '.repeat(gap - 1)}`;
  if (typeof item !== 'object' || Array.isArray(item) || Object.keys(item).length === 0)
    return [`${dash}${formatFlow(item)}`];
  const [first = '', ...rest] = blockLines(item, indent + gap);
  return [`${dash}${first.trimStart()}`, ...rest];
}
