import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { expect, it } from 'vitest';
import * as odpsAudit from '../src/index.js';
import { makeFolder } from './sandbox.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const snippet = /```ts\n([\s\S]*?)\n```\n/.exec(readme)![1]!;
const output = /```text\n([\s\S]*?)\n```\n/.exec(readme)![1]!;

it("prints what the README's example says", async () => {
  const folder = await makeFolder({
    'dbt_project.yml': 'name: jaffle_shop\n',
    'models/orders.sql': 'select 1 as order_id\n',
    'models/schema.yml':
      'models:\n  - name: orders\n    columns:\n      - name: order_id\n        data_type: integer\n',
  });
  const printed: string[] = [];
  const names = Object.keys(odpsAudit);
  const body = stripTypeScriptTypes(snippet.replace(/^import [^;]*;/gm, ''));
  const run = Function('console', 'folder', ...names, `return (async () => {${body}})()`) as (
    ...args: unknown[]
  ) => Promise<void>;
  await run(
    { log: (...words: string[]) => printed.push(words.join(' ')) },
    folder,
    ...Object.values(odpsAudit),
  );
  expect(printed.join('\n').trimEnd()).toBe(output.trimEnd());
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
