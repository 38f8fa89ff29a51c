import { readFile, stat, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  answers,
  findingsOf,
  goodProject,
  makeFolder,
  readTree,
  repository,
  schemas,
  withFiles,
  type Files,
} from '../../test/sandbox.js';
import { workflowProblems } from '../../test/workflow-checks.js';
import {
  applyFix,
  audit,
  planFix,
  readProject,
  reportFix,
  type PlanFixOptions,
  type PlannedFix,
} from '../index.js';
import { platformNames } from '../templates/platform-names.js';

/** A project as `dbt init` leaves it, and two models. */
const plain: Files = {
  'dbt_project.yml':
    '# ours\nname: "jaffle_shop"\nprofile: jaffle\nversion: "1.0"\n\nmodels:\n  jaffle_shop:\n    # keep\n    +materialized: view',
  'models/orders.sql': "select * from {{ ref('stg_orders') }}\n",
  'models/stg_orders.sql': 'select 1 as order_id\n',
  'models/schema.yml': `version: 2
models:
  - name: orders
    columns:
      - name: order_id
        data_type: bigint
        data_tests: [unique, not_null]
        description: the key, "quoted"
      - name: status
        data_type: text
        description: "{{ doc('status') }}"
      - name: amount
        data_type: numeric(10,2)
      - name: ordered_at
        data_type: timestamp
  - name: stg_orders
    columns:
      - name: order_id
`,
};

async function plan(folder: string, options: PlanFixOptions = {}): Promise<PlannedFix> {
  const project = (await readProject(folder, { withSql: true }))!;
  const planned = await planFix(project, { git: repository, answers, schemas, ...options });
  if (planned.kind !== 'planned') throw new Error(JSON.stringify(planned));
  return planned;
}

async function fix(folder: string, options: PlanFixOptions = {}) {
  const planned = await plan(folder, options);
  const outcome = await applyFix(planned, { folder });
  return { planned, outcome, report: reportFix(planned, outcome) };
}

it.each(platformNames)('makes a plain project well-integrated on %s, once', async (PLATFORM) => {
  const folder = await makeFolder(plain);
  const { planned, outcome, report } = await fix(folder, { answers: { ...answers, PLATFORM } });
  expect([planned.refused, outcome.failed, [...planned.byHand]]).toEqual([[], [], []]);
  expect(report.rows.map(({ artifact, status }) => [artifact, status])).toEqual([
    ['odps', 'created'],
    ['output_contracts', 'created'],
    ['input_contracts', 'already present'],
    ['openlineage', 'created'],
    ['layout', 'created'],
    ['workflow', 'created'],
    ['git_connections', 'deferred'],
  ]);

  const after = await audit((await readProject(folder))!, { git: repository, schemas });
  expect(findingsOf(after).filter(({ severity }) => severity !== 'info')).toEqual([]);
  expect(after.isWellIntegrated).toBe(true);

  const tree = await readTree(folder);
  const workflow = tree['.github/workflows/data-product.yml']!;
  expect(await workflowProblems('.github/workflows/data-product.yml', workflow)).toEqual([]);
  const shown = Object.entries(tree)
    .filter(([path]) => !(path in plain) || path === 'dbt_project.yml')
    .map(([path, text]) => `==== ${path}\n${text}`);
  await expect([...shown, '==== report', ...report.nextSteps].join('\n')).toMatchFileSnapshot(
    `../../test/fixtures/plain/${PLATFORM}.txt`,
  );

  const again = await fix(folder, { answers: {} });
  expect([again.planned.changes, again.outcome.written]).toEqual([[], []]);
  expect(again.report.rows.map(({ status }) => status)).toEqual([
    ...Array<string>(6).fill('already present'),
    'deferred',
  ]);
  expect(await readTree(folder)).toEqual(tree);
});

it('names secrets, and no host or key of a database, in the workflow', async () => {
  for (const PLATFORM of platformNames) {
    const { changes } = await plan(await makeFolder(plain), {
      answers: { ...answers, PLATFORM, HOST: 'db.internal', ACCOUNT: 'acme-eu' },
    });
    const text = changes
      .map((change) =>
        change.path.includes('.github') && change.kind === 'create' ? change.after : '',
      )
      .join('');
    const { env } = parse(text) as { env: Record<string, string> };
    const { ENTROPY_DATA_HOST, ...others } = env;
    expect(ENTROPY_DATA_HOST).toBe('https://api.entropy-data.com');
    for (const value of Object.values(others))
      expect(value).toMatch(/^\$\{\{ secrets\.[A-Z0-9_]+ \}\}$/);
    expect(text).not.toMatch(/db\.internal|acme-eu/);
  }
});

it('asks for what it cannot infer, in one batch, and says which answers cannot be', async () => {
  const project = (await readProject(await makeFolder(plain)))!;
  const planned = await planFix(project, {
    answers: {
      PLATFORM: 'oracle',
      CATALOG: 'a b',
      COLOUR: 'red',
      DATA_PRODUCT_NAME: 'x ${{ secrets.A }}',
    },
  });
  expect(
    planned.kind === 'unanswered' && [
      planned.questions.map(({ name }) => name),
      planned.problems.map(({ name, message }) => `${name} ${message.slice(0, 40)}`),
    ],
  ).toEqual([
    ['PURPOSE', 'TEAM_NAME', 'TAG', 'PLATFORM', 'CATALOG', 'SCHEMA'],
    [
      'PLATFORM must be one of databricks, snowflake, bi',
      'CATALOG must have no space, quote, $, backslash ',
      'DATA_PRODUCT_NAME must not hold {{, which a template engin',
    ],
  ]);
});

it('completes an ODPS file by inserted lines alone', async () => {
  const before = (goodProject['shop.odps.yaml'] as string)
    .replace(/customProperties:\n {2}- property: dataP[\s\S]*$/, '')
    .replaceAll('\n', '\r\n');
  const folder = await makeFolder(withFiles({ 'shop.odps.yaml': `\ufeff${before}# the end` }));
  const { report } = await fix(folder);
  expect(await readFile(`${folder}/shop.odps.yaml`, 'utf8')).toBe(
    `\ufeff${before.trimEnd()}\r\ncustomProperties:\r\n  - property: dataProductBuilder\r\n    value: "https://github.com/entropy-data/dataproduct-builder-dbt"\r\n# the end`,
  );
  expect(report.rows[0]).toEqual({
    artifact: 'odps',
    status: 'updated',
    details: 'shop.odps.yaml',
  });
});

it('writes the contracts that the ports name, and never over a file', async () => {
  const port =
    '  - {name: refunds, version: "2.0.0", contractId: refunds-v2}\n  - {name: evil, version: "1", contractId: ../../evil}\ncustomProperties:\n  - property: dataP';
  const files = withFiles({
    'shop.odps.yaml': (text) => text.replace('customProperties:\n  - property: dataP', port),
    'models/output_ports/v2/_models.yml': 'version: 2 # mine\n',
  });
  const folder = await makeFolder(files);
  const { planned } = await fix(folder);
  expect(planned.changes.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'create models/output_ports/v2/refunds-v2.odcs.yaml',
  ]);
  expect(planned.refused).toEqual([
    { path: '../../evil', reason: 'the id of the contract cannot be the name of a file' },
  ]);
  expect(await readFile(`${folder}/models/output_ports/v2/_models.yml`, 'utf8')).toBe(
    'version: 2 # mine\n',
  );
});

it('moves contracts of the old place, and what the workflow says of them', async () => {
  const contract = 'models/output_ports/v1/orders-v1.odcs.yaml';
  const files = withFiles({
    [contract]: null,
    'datacontracts/orders-v1.odcs.yaml': goodProject[contract] as string,
    '.github/workflows/data-product.yml': (text) =>
      text.replaceAll(contract, 'datacontracts/orders-v1.odcs.yaml'),
  });
  const folder = await makeFolder(files);
  const { report } = await fix(folder);
  expect(await readTree(folder)).toEqual(goodProject);
  await expect(stat(`${folder}/datacontracts`)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(report.rows[1]).toEqual({
    artifact: 'output_contracts',
    status: 'updated',
    details: `1 file(s) at ${contract} (was datacontracts/orders-v1.odcs.yaml)`,
  });
});

it('leaves a file alone that changed since it was planned, or came to be', async () => {
  const folder = await makeFolder(plain);
  const planned = await plan(folder);
  await writeFile(`${folder}/dbt_project.yml`, 'name: other\n');
  await writeFile(`${folder}/openlineage.yml`, 'mine\n');
  const outcome = await applyFix(planned, { folder });
  expect(
    outcome.failed.map(({ change, reason }) => [(change as { path: string }).path, reason]),
  ).toEqual([
    ['openlineage.yml', 'there is a file of this name already'],
    ['dbt_project.yml', 'it changed while the plan was looked at'],
  ]);
  expect(await readFile(`${folder}/dbt_project.yml`, 'utf8')).toBe('name: other\n');
  expect(Object.keys(await readTree(folder)).filter((path) => path.endsWith('.tmp'))).toEqual([]);
});

it('writes through no link', async () => {
  const outside = await makeFolder({ 'keep/': '' });
  const folder = await makeFolder({
    ...plain,
    '.github': { link: outside },
    'models/intermediate': { link: outside },
  });
  const { outcome } = await fix(folder);
  expect(outcome.failed.map(({ reason }) => reason.replace(folder, '')).sort()).toEqual([
    '/.github is no folder',
    '/models/intermediate is no folder',
  ]);
  expect(await readTree(outside)).toEqual({});
});

it('says that it skipped what a person declined', async () => {
  const folder = await makeFolder(plain);
  const planned = await plan(folder);
  const outcome = await applyFix(planned, { folder, accepts: () => false });
  expect(reportFix(planned, outcome).rows.map(({ status }) => status)).toEqual([
    'skipped',
    'skipped',
    'already present',
    'skipped',
    'skipped',
    'skipped',
    'deferred',
  ]);
  expect(await readTree(folder)).toEqual(plain);
});

it('gives each project of a repository its own workflow, which runs in its folder', async () => {
  const root = await makeFolder({
    '.github/workflows/data-product.yml': goodProject[
      '.github/workflows/data-product.yml'
    ] as string,
  });
  const folder = `${root}/teams/market`;
  const { writeFiles } = await import('../../test/sandbox.js');
  await writeFiles(folder, plain);
  const project = (await readProject(folder, { repositoryPath: 'teams/market', withSql: true }))!;
  const planned = await planFix(project, { git: { ...repository, path: 'teams/market' }, answers });
  if (planned.kind !== 'planned') throw new Error('unanswered');
  const workflow = planned.changes.find(({ artifact }) => artifact === 'workflow');
  expect(workflow?.path).toBe('../../.github/workflows/data-product-jaffle_shop.yml');
  expect(workflow?.kind === 'create' && workflow.after).toContain(
    'working-directory: "teams/market"',
  );
  await applyFix(planned, { folder });
  const after = await audit((await readProject(folder, { repositoryPath: 'teams/market' }))!, {
    git: { ...repository, path: 'teams/market' },
  });
  expect(after.isWellIntegrated).toBe(true);
  expect(planned.deferred[0]?.request.repositoryPath).toBe('teams/market/jaffle_shop.odps.yaml');
});
