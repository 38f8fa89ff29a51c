import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  compareCatalogs,
  readCatalog,
  type Catalog,
  type CatalogComparison,
} from '../src/index.js';
import { secondOpinion } from './second-validator.js';

const folder = new URL('fixtures/published/', import.meta.url);
const listed = new URL('fixtures/published-verdicts.json', import.meta.url);

function catalogsOf(server: string): { version: string; catalog: Catalog }[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(`server-${server}@`))
    .map((name) => {
      const reading = readCatalog(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
      if (reading.kind === 'refused') throw new Error(reading.message);
      return { version: name.replace(/^.*@|\.json$/g, ''), catalog: reading.catalog };
    })
    .sort((left, right) => left.version.localeCompare(right.version, 'en', { numeric: true }));
}

/** What became of each tool, as `name input/output`; `-` where nothing changed. Equal outcomes share a line. */
function outline({ tools }: CatalogComparison): Record<string, string> {
  const lines = tools.map(({ name, change, from, input, output }) => {
    const verdicts = `${input?.verdict ?? '-'}/${output?.verdict ?? '-'}`;
    if (change === 'added' || change === 'removed') return [change, name] as const;
    if (change === 'renamed') return [`renamed ${verdicts}`, `${from}>${name}`] as const;
    return [change === 'same' || verdicts === '-/-' ? 'same schemas' : verdicts, name] as const;
  });
  const groups = Map.groupBy(lines, ([outcome]) => outcome);
  return Object.fromEntries(
    [...groups].sort().map(([outcome, all]) => [outcome, all.map(([, name]) => name).join(' ')]),
  );
}

const pairs = ['memory', 'everything'].flatMap((server) => {
  const catalogs = catalogsOf(server);
  return catalogs.flatMap((before) =>
    catalogs
      .filter((after) => after !== before)
      .map((after) => ({ name: `${server} ${before.version} ${after.version}`, before, after })),
  );
});

it('there are 56 pairs of each server', () => {
  expect(pairs).toHaveLength(112);
});

// The list was read line by line; HOLDFAST_LIST_VERDICTS=1 writes it anew, for another reading.
it('every pair has the verdicts that were reviewed', () => {
  const found = Object.fromEntries(
    pairs.map(({ name, before, after }) => [
      name,
      outline(compareCatalogs(before.catalog, after.catalog)),
    ]),
  );
  if (process.env['HOLDFAST_LIST_VERDICTS'] === '1')
    writeFileSync(listed, `${JSON.stringify(found, null, 1)}\n`);
  expect(found).toEqual(JSON.parse(readFileSync(listed, 'utf8')));
});

it('every witness of theirs holds for a second validator', async () => {
  for (const { before, after } of pairs.filter((_, at) => at % 5 === 0)) {
    const { tools } = compareCatalogs(before.catalog, after.catalog);
    for (const tool of tools) {
      const find = ({ tools: all }: Catalog, name: string) => all.find((one) => one.name === name);
      const old = find(before.catalog, tool.from ?? tool.name)?.inputSchema ?? true;
      const recent = find(after.catalog, tool.name)?.inputSchema ?? true;
      for (const { witness } of tool.input?.changes ?? []) {
        if (witness === undefined) continue;
        expect(await secondOpinion(old, witness, dialectOf(old))).toBe(true);
        expect(await secondOpinion(recent, witness, dialectOf(recent))).toBe(false);
      }
    }
  }
});

function dialectOf(schema: unknown): 'draft-07' | '2020-12' {
  return JSON.stringify(schema).includes('draft-07/schema') ? 'draft-07' : '2020-12';
}
