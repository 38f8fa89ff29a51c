import { indexLines, readYaml } from '@holdfast/text';
import type { Finding } from '@holdfast/findings';

/** Front matter longer than this is not looked at: UTF-16 units. */
const maxLength = 65_536;

/**
 * Checks the front matter of a `SKILL.md` against the published Agent Skills conventions
 * (https://agentskills.io/specification). Everything is a warning: a skill that does not keep them works.
 *
 * @param name The name of the skill's folder, which the front matter must repeat.
 */
export function checkFrontMatter(text: string, path: string, name: string): Finding[] {
  const findings: Finding[] = [];
  const lines = indexLines(text);
  const report = (message: string, start = 0, end = start) => {
    const range = lines.rangeAt(start, end);
    findings.push({ ruleId: 'skills/front-matter', severity: 'warning', message, path, range });
  };
  const block = /^\ufeff?---[ \t]*\r?\n([^]*?\n)?---[ \t]*(?:\r?\n|$)/.exec(
    text.slice(0, maxLength),
  );
  if (!block) {
    report('no front matter: expected --- with name and description, then ---');
    return findings;
  }
  const offset = block[0].indexOf('\n') + 1;
  const { values, problems } = readYaml(block[1] ?? '', { maxLength, maxDepth: 32 });
  for (const { message, start, end } of problems) report(message, offset + start, offset + end);
  const [document] = values;
  if (!document) return findings;
  const fields = document.value;
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    report('the front matter must be a mapping with name and description');
    return findings;
  }
  for (const [key, check] of Object.entries(checks)) {
    const value = Object.hasOwn(fields, key) ? (fields as Record<string, unknown>)[key] : undefined;
    const wrong = check(value, name);
    if (wrong === undefined) continue;
    const span = document.closestSpan([key]);
    report(`${key} ${wrong}`, offset + span.start, offset + span.end);
  }
  return findings;
}

const checks: Record<string, (value: unknown, folder: string) => string | undefined> = {
  name: (value, folder) => {
    if (value === undefined) return `is missing; expected ${folder}`;
    if (typeof value !== 'string') return 'must be text';
    if (value.length < 1 || value.length > 64) return 'must have 1 to 64 characters';
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(value)) {
      return 'must be lower-case letters, digits and single hyphens between them';
    }
    return value === folder ? undefined : `must be that of the folder, ${folder}, got ${value}`;
  },
  description: (value) => {
    if (value === undefined) return 'is missing: it says when the skill is used';
    return isText(value, 1024) ? undefined : 'must be text of 1 to 1024 characters';
  },
  compatibility: (value) =>
    value === undefined || isText(value, 500) ? undefined : 'must be text of 1 to 500 characters',
  license: (value) =>
    value === undefined || typeof value === 'string' ? undefined : 'must be text',
  'allowed-tools': (value) =>
    value === undefined || typeof value === 'string'
      ? undefined
      : 'must be one text with spaces between the tools',
  metadata: (value) =>
    value === undefined || isTextMap(value) ? undefined : 'must map names to texts',
};

function isText(value: unknown, max: number): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= max;
}

function isTextMap(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((one) => typeof one === 'string')
  );
}
