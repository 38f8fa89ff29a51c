import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';
import ajvFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { goodProject, schemas } from '../test/sandbox.js';
import { checkFiles } from './check-file.js';
import { createSourceFile } from './read/source-file.js';

const examples = fileURLToPath(new URL('../../../../shared/data/odps/examples', import.meta.url));

/** The verdict of ajv alone, on the values of a YAML parser. */
function isValid(text: string): boolean {
  const value = parse(text, { merge: true }) as { apiVersion: string };
  const schema = new URL(`./schemas/odcs-json-schema-${value.apiVersion}.json`, import.meta.url);
  const ajv = ajvFormats.default(new Ajv2019({ strict: false }));
  return ajv.compile(JSON.parse(readFileSync(schema, 'utf8')) as object)(value) === true;
}

async function check(path: string, content: string | Uint8Array) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const [checked] = await checkFiles([createSourceFile(path, bytes)], { schemas });
  return checked!;
}

it.each([
  ['shop.odps.yaml', 'odps'],
  ['models/output_ports/v1/orders-v1.odcs.yaml', 'output_contracts'],
  ['openlineage.yml', 'openlineage'],
  ['dbt_project.yml', 'layout'],
  ['.github/workflows/data-product.yml', 'workflow'],
])('tells what %s is, by its content and else by its name', async (path, artifact) => {
  const content = goodProject[path] as string;
  expect(await check('any.yaml', content)).toMatchObject({
    artifact,
    status: 'present',
    findings: [],
  });
  expect(await check(path, 'x: 1\n')).toMatchObject({ artifact });
});

it('takes a contract under input_ports for one of others', async () => {
  const content = goodProject['models/output_ports/v1/orders-v1.odcs.yaml'] as string;
  expect(await check('models/input_ports/a.odcs.yaml', content)).toMatchObject({
    artifact: 'input_contracts',
  });
});

it('says that it does not know a file', async () => {
  expect(await check('README.md', '# Shop\n')).toMatchObject({
    artifact: null,
    status: 'invalid',
    findings: [{ ruleId: 'file/unknown' }],
  });
});

it.each([
  ['several documents', 'a: 1\n---\nb: 2\n', 'file/several-documents'],
  [
    'an alias bomb',
    `a: &a [${'x,'.repeat(99)}x]\nb: &b [${'*a,'.repeat(99)}*a]\nc: &c [${'*b,'.repeat(99)}*b]\nd: [${'*c,'.repeat(99)}*c]\n`,
    'file/syntax',
  ],
  ['a million brackets', '['.repeat(1_000_000), 'file/syntax'],
  ['a prototype key', '__proto__: {admin: true}\nkind: DataProduct\n', 'file/syntax'],
  ['a duplicate key', 'id: a\nid: b\n', 'file/syntax'],
  ['a tag', 'id: !!python/object:os.system x\n', 'file/syntax'],
  ['bytes that are no UTF-8', new Uint8Array([0xff, 0xfe, 0x00]), 'file/unreadable'],
  ['nothing', '', 'odps/invalid'],
  ['four million characters', `id: x\n${'#'.repeat(5_000_000)}\n`, 'file/syntax'],
])('survives %s', async (_name, content, rule) => {
  const { findings } = await check('x.odps.yaml', content);
  expect(findings.map(({ ruleId }) => ruleId)).toContain(rule);
});

it('says of an empty dbt_project.yml that it names no project', async () => {
  expect(await check('dbt_project.yml', '')).toMatchObject({
    artifact: 'layout',
    status: 'invalid',
    findings: [{ ruleId: 'layout/invalid-project' }],
  });
});

it('reads what careful authors write: BOM, CRLF, flow style, anchors, merge keys, dates, no final line feed', async () => {
  const text = [
    '\ufeff# a product',
    'apiVersion: v1.0.0',
    'kind: DataProduct',
    'id: "shop: #1"',
    'status: active',
    'productCreatedTs: 2024-01-15T10:30:00Z',
    'team: {name: sales}',
    'outputPorts:',
    '- &port {name: a, version: "1", contractId: a-v1}',
    '- <<: *port',
    '  name: "it\'s b"',
    'customProperties: [{property: dataProductBuilder, value: https://example.com}]',
  ].join('\r\n');
  expect((await check('x.odps.yaml', text)).findings).toEqual([]);
});

describe.runIf(existsSync(examples))('the examples of the standards', () => {
  const contracts = existsSync(examples)
    ? globSync('odcs-bitol/**/*.yaml', { cwd: examples }).sort()
    : [];

  /** What these use came with a later version than the one that they declare. */
  const ahead = [
    'data-types/all-data-types',
    'quality/column-completeness',
    'stakeholders/basic-four-dpo',
  ];

  it.each(contracts)('%s: as ajv says of it and the version that it declares', async (path) => {
    const content = readFileSync(`${examples}/${path}`);
    const { findings } = await check(path, content);
    const found = findings.filter(({ ruleId }) => ruleId === 'contract/invalid');
    expect(found.length === 0).toBe(isValid(content.toString()));
    expect(found.length > 0).toBe(ahead.some((name) => path.includes(name)));
    expect(
      findings.every(({ ruleId }) => ['contract/invalid', 'contract/legacy'].includes(ruleId)),
    ).toBe(true);
  });

  it.each([
    ['odps-bitol/customer-data-product.odps.yaml', 'legacy'],
    ['odps-bitol/simple-data-product.odps.yaml', 'legacy'],
    ['odps-opendataproducts-v4.1/urbanpulse_final.yml', 'wrong-standard'],
    ['odps-opendataproducts-v4.1/urbanpulse_basic.yml', 'wrong-standard'],
    ['odps-opendataproducts-v4.1/datacontract-url.yml', 'wrong-standard'],
    ['legacy-datamesh-manager/dataproduct.yml', 'legacy'],
    ['legacy-datamesh-manager/datacontract_glue_stockupdated_v1.yml', 'legacy'],
    ['legacy-datamesh-manager/workflow-dataproduct-action.yml', 'legacy'],
  ])('%s is %s', async (path, status) => {
    expect(await check(path, readFileSync(`${examples}/${path}`))).toMatchObject({ status });
  });
});
