import { expect, it } from 'vitest';
import {
  auditFiles,
  findingsOf,
  goodProject,
  repository,
  withFiles,
  type Files,
} from '../test/sandbox.js';
import type { ArtifactName, ArtifactStatus } from './artifact.js';
import { isRuleId, rules, type RuleId } from './rules.js';

it('finds nothing in a well-integrated project', async () => {
  const audit = await auditFiles(goodProject, { git: repository });
  expect(findingsOf(audit)).toEqual([]);
  expect(audit.artifacts.map(({ artifact, status }) => [artifact, status])).toEqual([
    ['odps', 'present'],
    ['output_contracts', 'present'],
    ['input_contracts', 'deferred'],
    ['openlineage', 'present'],
    ['layout', 'present'],
    ['workflow', 'present'],
    ['git_connections', 'deferred'],
  ]);
  expect(audit.isWellIntegrated).toBe(true);
});

const odps = 'shop.odps.yaml';
const contract = 'models/output_ports/v1/orders-v1.odcs.yaml';
const models = 'models/output_ports/v1/_models.yml';
const workflow = '.github/workflows/data-product.yml';
const replace = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);
const append = (more: string) => (text: string) => text + more;

const builder = /customProperties:\n {2}- property: dataProductBuilder\n {4}value: \S+\n$/;
const cases: [string, Files, ArtifactName, ArtifactStatus, RuleId[]][] = [
  ['no ODPS file', withFiles({ [odps]: null }), 'odps', 'missing', ['odps/missing']],
  [
    'a property too many',
    withFiles({ [odps]: append('owner: me\n') }),
    'odps',
    'invalid',
    ['odps/invalid'],
  ],
  [
    'a number as the version of a port',
    withFiles({ [odps]: replace('version: "1"', 'version: 1.0') }),
    'odps',
    'invalid',
    ['odps/invalid'],
  ],
  [
    'an input port without contractId',
    withFiles({ [odps]: append('inputPorts:\n  - {name: a, version: "1"}\n') }),
    'odps',
    'invalid',
    ['odps/invalid'],
  ],
  [
    'an unknown version',
    withFiles({ [odps]: replace('v1.0.0', 'v7.0.0') }),
    'odps',
    'invalid',
    ['odps/unknown-version'],
  ],
  [
    'the standard of the Linux Foundation',
    withFiles({
      [odps]:
        'schema: https://opendataproducts.org/v4.1/schema/odps.yaml\nversion: 4.1\nproduct:\n  details: {en: {productID: x}}\n',
    }),
    'odps',
    'wrong-standard',
    ['odps/wrong-standard'],
  ],
  [
    'ODPS v0.9.0',
    withFiles({ [odps]: replace('v1.0.0', 'v0.9.0') }),
    'odps',
    'legacy',
    ['odps/legacy'],
  ],
  [
    'the Data Product Specification',
    withFiles({
      [odps]: null,
      'dataproduct.yml': 'id: x\ninfo: {title: X, owner: y}\noutputPorts: []\n',
    }),
    'odps',
    'legacy',
    ['odps/legacy'],
  ],
  [
    'no builder',
    withFiles({ [odps]: replace(builder, '') }),
    'odps',
    'incomplete',
    ['odps/builder-missing'],
  ],
  [
    'a builder on a port alone',
    withFiles({
      [odps]: (text) =>
        text
          .replace(builder, '')
          .replace(
            'property: contractServer',
            'property: dataProductBuilder\n        value: https://example.com\n      - property: contractServer',
          ),
    }),
    'odps',
    'incomplete',
    ['odps/builder-missing'],
  ],
  [
    'a left-over placeholder',
    withFiles({ [odps]: replace('purpose: Orders', 'purpose: "{{PURPOSE}}"') }),
    'odps',
    'incomplete',
    ['file/placeholder'],
  ],
  [
    'an empty team',
    withFiles({ [odps]: replace('name: sales', 'name: ""') }),
    'odps',
    'incomplete',
    ['odps/team-missing'],
  ],
  [
    'a port twice',
    withFiles({
      [odps]: replace(
        'customProperties:\n  - property: dataP',
        '  - {name: orders, version: "1", contractId: orders-v1}\ncustomProperties:\n  - property: dataP',
      ),
    }),
    'odps',
    'incomplete',
    ['odps/duplicate-port'],
  ],
  [
    'two documents',
    withFiles({ [odps]: append('---\nid: other\n') }),
    'odps',
    'incomplete',
    ['file/several-documents'],
  ],
  [
    'two ODPS files',
    withFiles({ 'other.odps.yml': goodProject[odps] as string }),
    'odps',
    'incomplete',
    ['odps/several-files'],
  ],
  [
    'no output port',
    withFiles({
      [odps]: (text) => text.replace(/outputPorts:[\s\S]*?(?=customProperties:\n {2}-)/, ''),
    }),
    'odps',
    'incomplete',
    ['odps/no-output-port'],
  ],
  [
    'a port without contract',
    withFiles({ [odps]: replace('    contractId: orders-v1\n', '') }),
    'odps',
    'incomplete',
    ['odps/port-without-contract'],
  ],
  [
    'a contract that is not there',
    withFiles({ [odps]: replace('contractId: orders-v1', 'contractId: orders-v2') }),
    'odps',
    'drifted',
    ['odps/contract-missing'],
  ],
  ['no YAML', withFiles({ [odps]: 'id: [\n' }), 'odps', 'invalid', ['file/syntax']],
  [
    'a duplicate key',
    withFiles({ [odps]: append('id: again\n') }),
    'odps',
    'invalid',
    ['file/syntax'],
  ],
  [
    'a symbolic link',
    withFiles({ [odps]: { link: '/etc/hostname' } }),
    'odps',
    'invalid',
    ['file/unreadable'],
  ],

  [
    'no contract',
    withFiles({ [contract]: null }),
    'output_contracts',
    'missing',
    ['contract/missing'],
  ],
  [
    'a server that lacks what its type needs',
    withFiles({ [contract]: replace('    account: acme\n', '') }),
    'output_contracts',
    'invalid',
    ['contract/invalid'],
  ],
  [
    'a server that has what its type refuses',
    withFiles({ [contract]: replace('account: acme', 'account: acme\n    catalog: x') }),
    'output_contracts',
    'invalid',
    ['contract/invalid'],
  ],
  [
    'a draft of the standard',
    withFiles({ [contract]: replace('v3.1.0', 'v3.2.0') }),
    'output_contracts',
    'invalid',
    ['contract/unknown-version'],
  ],
  [
    'no server of the name',
    withFiles({ [contract]: replace('server: production', 'server: staging') }),
    'output_contracts',
    'incomplete',
    ['contract/server-missing'],
  ],
  [
    'the columns of the template',
    withFiles({
      [models]: null,
      [contract]: (text) => text.replace('order_id', 'id').replace('ordered_at', 'updated_at'),
    }),
    'output_contracts',
    'incomplete',
    ['contract/seed-only'],
  ],
  [
    'a column that the model has not',
    withFiles({ [contract]: append('      - name: email\n') }),
    'output_contracts',
    'incomplete',
    ['contract/columns-differ'],
  ],
  [
    'a column that the contract has not',
    withFiles({ [models]: append('      - name: email\n') }),
    'output_contracts',
    'incomplete',
    ['contract/columns-differ'],
  ],
  [
    'another type in the model',
    withFiles({ [models]: replace('data_type: integer', 'data_type: varchar(10)') }),
    'output_contracts',
    'incomplete',
    ['contract/type-differs'],
  ],
  [
    'no table',
    withFiles({ [contract]: (text) => text.replace(/schema:\n {2}- [\s\S]*$/, 'schema: []\n') }),
    'output_contracts',
    'incomplete',
    ['contract/no-schema'],
  ],
  [
    'contracts at the old place',
    withFiles({
      [contract]: null,
      'datacontracts/orders-v1.odcs.yaml': goodProject[contract] as string,
      [workflow]: (text) => text.replaceAll(contract, 'datacontracts/orders-v1.odcs.yaml'),
      [models]: replace(/ {10}file: .*\n/, ''),
    }),
    'output_contracts',
    'legacy',
    ['contract/legacy-place'],
  ],
  [
    'the Data Contract Specification',
    withFiles({
      [contract]:
        'dataContractSpecification: 0.9.3\nid: orders-v1\ninfo: {title: x, version: 1.0.0}\n',
    }),
    'output_contracts',
    'legacy',
    ['contract/legacy', 'contract/no-schema', 'contract/server-missing'],
  ],
  [
    'team as a list',
    withFiles({ [contract]: replace('team:\n  name: sales', 'team:\n  - username: me') }),
    'output_contracts',
    'legacy',
    ['contract/legacy'],
  ],
  [
    'the field dataProduct',
    withFiles({ [contract]: append('dataProduct: shop\n') }),
    'output_contracts',
    'legacy',
    ['contract/legacy'],
  ],
  [
    'a port of another version',
    withFiles({ [odps]: replace('version: "1"', 'version: "2.1.0"') }),
    'output_contracts',
    'drifted',
    ['contract/version-differs'],
  ],
  [
    'meta of another contract',
    withFiles({ [models]: replace('id: orders-v1', 'id: orders-v0') }),
    'output_contracts',
    'drifted',
    ['contract/meta-differs'],
  ],
  [
    'meta of another file',
    withFiles({ [models]: replace('v1/orders-v1.odcs.yaml', 'v1/old.odcs.yaml') }),
    'output_contracts',
    'drifted',
    ['contract/meta-differs'],
  ],
  [
    'a contract that no port names',
    withFiles({
      'models/output_ports/v1/x.odcs.yaml': (goodProject[contract] as string).replace(
        'orders-v1',
        'x-v1',
      ),
      [workflow]: append(
        '      - run: entropy-data datacontracts put x-v1 --file models/output_ports/v1/x.odcs.yaml && datacontract test models/output_ports/v1/x.odcs.yaml\n',
      ),
      [models]: replace(/ {4}config:[\s\S]*?(?= {4}columns:)/, ''),
    }),
    'output_contracts',
    'orphan',
    ['contract/no-port'],
  ],
  [
    'two contracts of one id',
    withFiles({
      'models/output_ports/v1/x.odcs.yaml': goodProject[contract] as string,
      [workflow]: append('      - run: datacontract test models/output_ports/v1/x.odcs.yaml\n'),
      [models]: replace(/ {4}config:[\s\S]*?(?= {4}columns:)/, ''),
    }),
    'output_contracts',
    'invalid',
    ['contract/duplicate-id'],
  ],
  [
    'a manifest without the column',
    withFiles({
      'target/manifest.json': JSON.stringify({
        nodes: {
          a: {
            resource_type: 'model',
            name: 'orders',
            columns: { order_id: { name: 'order_id' } },
          },
        },
      }),
    }),
    'output_contracts',
    'drifted',
    ['contract/manifest-differs'],
  ],
  [
    'a promise without a test',
    withFiles({ [models]: replace('[not_null, unique]', '[unique]') }),
    'output_contracts',
    'present',
    ['contract/untested'],
  ],

  [
    'an input contract without its source',
    withFiles({
      'models/input_ports/up.odcs.yaml': (goodProject[contract] as string).replace(
        'orders-v1',
        'up',
      ),
    }),
    'input_contracts',
    'orphan',
    ['input/orphan'],
  ],
  [
    'an input contract with its source',
    withFiles({
      'models/input_ports/up.odcs.yaml': (goodProject[contract] as string).replace(
        'orders-v1',
        'up',
      ),
      'models/input_ports/up.source.yaml': 'version: 2\n',
    }),
    'input_contracts',
    'present',
    [],
  ],

  [
    'no openlineage.yml',
    withFiles({ 'openlineage.yml': null }),
    'openlineage',
    'missing',
    ['lineage/missing'],
  ],
  [
    'openlineage.yaml',
    withFiles({
      'openlineage.yml': null,
      'openlineage.yaml': goodProject['openlineage.yml'] as string,
    }),
    'openlineage',
    'missing',
    ['lineage/wrong-name'],
  ],
  [
    'urlParams',
    withFiles({
      'openlineage.yml': (text) =>
        text.replace(/\?.*/, '') + '  urlParams: {dataProductId: shop, outputPortName: orders}\n',
    }),
    'openlineage',
    'legacy',
    ['lineage/ids-missing', 'lineage/legacy-port-name', 'lineage/unknown-key'],
  ],
  [
    'outputPortName',
    withFiles({ 'openlineage.yml': replace('outputPortId', 'outputPortName') }),
    'openlineage',
    'legacy',
    ['lineage/legacy-port-name'],
  ],
  [
    'ids of another product',
    withFiles({ 'openlineage.yml': replace('=shop', '=market') }),
    'openlineage',
    'drifted',
    ['lineage/ids-differ'],
  ],
  [
    'a path that is lost',
    withFiles({ 'openlineage.yml': replace('.com', '.com/entropy') }),
    'openlineage',
    'incomplete',
    ['lineage/path-lost'],
  ],
  [
    'a key inside',
    withFiles({
      'openlineage.yml': replace('type: api_key', 'type: api_key\n    apiKey: ed_0123'),
    }),
    'openlineage',
    'invalid',
    ['lineage/key-inside'],
  ],
  [
    'a console',
    withFiles({ 'openlineage.yml': 'transport: {type: console}\n' }),
    'openlineage',
    'incomplete',
    ['lineage/other-transport'],
  ],
  [
    'no transport',
    withFiles({ 'openlineage.yml': 'x: 1\n' }),
    'openlineage',
    'invalid',
    ['lineage/invalid'],
  ],

  [
    'no output ports',
    withFiles({ [models]: null, [contract]: null, 'models/output_ports/v1/orders.sql': null }),
    'layout',
    'missing',
    ['layout/folder-missing'],
  ],
  [
    'no intermediate',
    withFiles({ 'models/intermediate/_models.yml': null }),
    'layout',
    'incomplete',
    ['layout/folder-missing'],
  ],
  [
    'contracts that dbt reads',
    withFiles({ '.dbtignore': null }),
    'layout',
    'present',
    ['layout/dbtignore'],
  ],
  [
    'no materialisation',
    withFiles({ 'dbt_project.yml': replace(/ {4}output_ports:[\s\S]*$/, '') }),
    'layout',
    'present',
    ['layout/materialized'],
  ],

  ['no workflow', withFiles({ [workflow]: null }), 'workflow', 'missing', ['workflow/missing']],
  [
    'dbt instead of dbt-ol',
    withFiles({ [workflow]: replace('dbt-ol run', 'dbt run') }),
    'workflow',
    'incomplete',
    ['workflow/no-dbt-ol'],
  ],
  [
    'a contract that is not tested',
    withFiles({ [workflow]: replace(/ {6}- run: datacontract test.*\n/, '') }),
    'workflow',
    'incomplete',
    ['workflow/no-contract-test'],
  ],
  [
    'plain curl',
    withFiles({
      [workflow]: replace(
        / {6}- run: [\s\S]*$/,
        '      - run: |\n          curl -X PUT "https://api.entropy-data.com/api/dataproducts/shop" \\\n            -d @shop.json\n',
      ),
    }),
    'workflow',
    'legacy',
    ['workflow/legacy'],
  ],
  [
    'a file that is gone',
    withFiles({
      [workflow]: (text) => text.replace('--file models/output_ports/v1/', '--file datacontracts/'),
    }),
    'workflow',
    'drifted',
    ['workflow/stale'],
  ],
  [
    'an id that is gone',
    withFiles({ [workflow]: replace('dataproducts put shop', 'dataproducts put market') }),
    'workflow',
    'drifted',
    ['workflow/stale'],
  ],
  [
    'a key inside',
    withFiles({ [workflow]: replace('${{ secrets.ENTROPY_DATA_API_KEY }}', 'ed_0123456789') }),
    'workflow',
    'invalid',
    ['workflow/secret-inside'],
  ],
  [
    'another branch',
    withFiles({ [workflow]: replace('[main]', '[master]') }),
    'workflow',
    'drifted',
    ['workflow/branch'],
  ],
  [
    'no jobs',
    withFiles({ [workflow]: replace(/jobs:[\s\S]*$/, '') }),
    'workflow',
    'invalid',
    [
      'workflow/invalid',
      'workflow/no-contract-put',
      'workflow/no-contract-test',
      'workflow/no-dbt-ol',
      'workflow/no-product-put',
    ],
  ],
  [
    'dbt-ol before publishing',
    withFiles({
      [workflow]: (text) =>
        text
          .replace('      - run: dbt-ol run\n', '')
          .replace(
            '      - run: entropy-data dataproducts',
            '      - run: dbt-ol run\n      - run: entropy-data dataproducts',
          ),
    }),
    'workflow',
    'present',
    ['workflow/order'],
  ],
  [
    'a loop over all contracts',
    withFiles({
      [workflow]: (text) =>
        text.replace(
          / {6}- run: entropy-data datacontracts.*\n/,
          '      - run: |\n          for f in models/output_ports/*/*.odcs.yaml; do\n            entropy-data datacontracts put "$(basename "$f" .odcs.yaml)" --file "$f"; datacontract test "$f"\n          done\n',
        ),
    }),
    'workflow',
    'present',
    [],
  ],
];

it.each(cases)('%s', async (_name, files, artifact, status, expected) => {
  const audit = await auditFiles(files, { git: repository });
  const report = audit.artifacts.find((one) => one.artifact === artifact)!;
  const found = [...report.findings, ...report.files.flatMap((file) => file.findings)].map(
    ({ ruleId }) => ruleId,
  );
  expect([[...new Set(found)].sort(), report.status]).toEqual([expected, status]);
  for (const finding of findingsOf(audit)) {
    expect(isRuleId(finding.ruleId)).toBe(true);
    expect(finding.hint).not.toBe('');
  }
});

it('blames no file that is there for folders that are not', async () => {
  const files = withFiles({ 'models/intermediate/_models.yml': null });
  const audit = await auditFiles(files, { git: repository });
  expect(audit.artifacts.find(({ artifact }) => artifact === 'layout')).toMatchObject({
    status: 'incomplete',
    files: [{ path: 'dbt_project.yml', status: 'present' }],
    findings: [{ path: 'models/intermediate', ruleId: 'layout/folder-missing' }],
  });
});

it.each([
  ['jsonb', 'struct<a int>'],
  ['array<string>', 'variant'],
])('takes %s for %s: JSON holds what is nested', async (promised, declared) => {
  const files = withFiles({
    [contract]: replace(/physicalType: timestamp_ntz/, `physicalType: ${promised}`),
    [models]: replace(/data_type: timestamp\S*/, `data_type: ${declared}`),
  });
  expect(findingsOf(await auditFiles(files, { git: repository }))).toEqual([]);
});

it('switches rules off, and lowers them', async () => {
  const files = withFiles({ [odps]: replace(builder, ''), '.dbtignore': null });
  const settings = { 'odps/builder-missing': 'info', 'layout/dbtignore': 'off' } as const;
  const audit = await auditFiles(files, { git: repository, rules: settings });
  expect(findingsOf(audit).map(({ ruleId, severity }) => [ruleId, severity])).toEqual([
    ['odps/builder-missing', 'info'],
  ]);
  expect(audit.isWellIntegrated).toBe(true);
});

it('compares contracts with those of an earlier commit', async () => {
  const files = withFiles({
    [contract]: (text) =>
      text
        .replace('        required: true\n', '')
        .replace(
          '      - name: ordered_at\n        logicalType: timestamp\n        physicalType: timestamp_ntz\n',
          '',
        ),
    [models]: (text) => text.replace(/ {6}- name: ordered_at\n.*\n/, ''),
  });
  const { createSourceFile } = await import('./read/source-file.js');
  const base = [
    createSourceFile(contract, new TextEncoder().encode(goodProject[contract] as string)),
  ];
  const audit = await auditFiles(files, { git: repository, base });
  expect(
    findingsOf(audit).map(({ ruleId, message, data }) => [ruleId, data?.['change'], message]),
  ).toEqual([
    [
      'contract/breaking-change',
      'column-removed',
      'the column orders.ordered_at is gone, under the same v1',
    ],
    [
      'contract/breaking-change',
      'may-be-null',
      'the column orders.order_id may be null, and was required, under the same v1',
    ],
  ]);
});

it('says why each rule is there, with an example and what to do', () => {
  for (const { reason, example, hint } of Object.values(rules)) {
    expect(reason).toMatch(/\.$/);
    expect([example, hint].every((text) => text.length > 5)).toBe(true);
  }
});
