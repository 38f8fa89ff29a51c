import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatFindings, parseConfiguration, parseManifest, parseRules } from '../src/index.js';
import type { Parsed } from '../src/index.js';

const root = join(import.meta.dirname, 'fixtures');

const parsers: Record<string, (text: string, options: { file: string }) => Parsed<unknown>> = {
  'rules.yaml': (text, options) => {
    const parsed = parseRules(text, options);
    return parsed.kind === 'parsed'
      ? { ...parsed, value: parsed.value.map(({ rule }) => rule) }
      : parsed;
  },
  'holdfast.yaml': parseConfiguration,
  'manifest.json': (text, options) => {
    const parsed = parseManifest(text, options);
    if (parsed.kind === 'invalid') return parsed;
    return { ...parsed, value: { ...parsed.value, files: Object.fromEntries(parsed.value.files) } };
  },
};

/**
 * A case is a folder with one input, and beside it either what it parses to (`parsed.json`) or what
 * is wrong with it (`findings.txt`: the rule id, then the finding as people see it).
 */
describe.each(readdirSync(root))('%s', (name) => {
  const folder = join(root, name);
  const file = Object.keys(parsers).find((candidate) => existsSync(join(folder, candidate))) ?? '';

  test('parses to what is expected', async () => {
    const parsed = parsers[file]?.(readFileSync(join(folder, file), 'utf8'), { file });
    if (parsed?.kind === 'parsed') {
      const json = `${JSON.stringify(parsed.value, null, 2)}\n`;
      await expect(json).toMatchFileSnapshot(join(folder, 'parsed.json'));
    } else {
      const lines = parsed?.findings.map(
        (finding) => `${finding.ruleId} ${formatFindings([finding])}\n`,
      );
      await expect(lines?.join('')).toMatchFileSnapshot(join(folder, 'findings.txt'));
    }
    expect(readdirSync(folder)).toHaveLength(2);
  });
});
