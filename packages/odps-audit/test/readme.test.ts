import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runReadme } from '../../../readme.shared.js';
import * as odpsAudit from '../src/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('prints what the README says', async () => {
  const { printed, promised } = await runReadme(new URL('../', import.meta.url));
  expect(printed).toBe(promised);
});

it('lists every rule as it is', () => {
  const rows = Object.entries(odpsAudit.rules).map(([id, rule]) => {
    const { severity, reason, example, hint, status = '' } = rule as odpsAudit.Rule;
    return [`\`${id}\``, severity, status, reason, example, hint];
  });
  const cells = readme
    .split('\n')
    .filter((line) => /^\| `[a-z]+\//.test(line))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    );
  expect(cells).toEqual(rows);
});
