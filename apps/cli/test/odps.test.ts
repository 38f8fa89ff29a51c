import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createSandbox } from './sandbox.js';
import type { Sandbox } from './sandbox.js';

const plain = {
  'dbt_project.yml': 'name: jaffle_shop\nprofile: jaffle\n',
  'models/orders.sql': 'select 1 as order_id\n',
  'models/schema.yml':
    'version: 2\nmodels:\n  - name: orders\n    columns:\n      - name: order_id\n        data_type: bigint\n',
  'answers.yaml':
    'PURPOSE: Orders\nTEAM_NAME: sales\nTAG: usecases/orders\nPLATFORM: bigquery\nCATALOG: acme-prod\nSCHEMA: shop\n',
};

/** A dbt project in a work tree `source` with a remote; nothing of the machine says where a platform is. */
async function createProject(files: Record<string, string> = plain): Promise<Sandbox> {
  const sandbox = await createSandbox();
  await sandbox.repository('source', files);
  const cwd = sandbox.path('source');
  await sandbox.git(cwd, 'reset', '--hard', '--quiet');
  await sandbox.git(cwd, 'remote', 'add', 'origin', 'git@github.com:acme/shop.git');
  return sandbox;
}

async function odps(
  sandbox: Sandbox,
  args: string[],
  options: Parameters<Sandbox['holdfast']>[1] = {},
) {
  const environment = { HOME: sandbox.folder, ...options.environment };
  return sandbox.holdfast(['odps', ...args], { ...options, environment });
}

interface AuditDocument {
  readonly exitCode: number;
  readonly project: string;
  readonly artifacts: {
    artifact: string;
    status: string;
    files: { path: string; findings: Finding[] }[];
    findings: Finding[];
  }[];
  readonly projects?: { project: string; folder: string }[];
}

interface Finding {
  readonly ruleId: string;
  readonly path: string;
}

async function auditJson(
  sandbox: Sandbox,
  args: string[] = [],
  options = {},
): Promise<AuditDocument> {
  const { stdout } = await odps(sandbox, ['audit', '--json', ...args], options);
  return JSON.parse(stdout) as AuditDocument;
}

test('a plain project becomes well-integrated with two commands', async () => {
  await using sandbox = await createProject();
  expect(await odps(sandbox, ['audit'])).toMatchObject({ exitCode: 1, stderr: '' });

  const fixed = await odps(sandbox, ['fix', '--yes', '--offline', '--answers', 'answers.yaml']);
  expect(fixed.exitCode).toBe(0);
  expect(fixed.stdout).toContain('Working offline (--offline): git connections are deferred.');
  expect(fixed.stdout).toContain('| ODPS file | created | jaffle_shop.odps.yaml |');

  const audited = await odps(sandbox, ['audit']);
  expect(audited).toMatchInlineSnapshot(`
    {
      "exitCode": 0,
      "stderr": "",
      "stdout": "Entropy Data integration audit for jaffle_shop:
      [✓] ODPS file
      [✓] Output-port contracts
      [⏸] Input-port contracts (none — populated by dataproduct-implement from access agreements)
      [✓] openlineage.yml
      [✓] Model layout
      [✓] GitHub Actions publish workflow
      [⏸] Git connections (deferred: no connection to the platform — set ENTROPY_DATA_API_KEY, or run entropy-data connection add)
    ",
    }
  `);

  const again = await odps(sandbox, ['fix', '--yes', '--offline', '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({
    holdfast: 1,
    command: 'odps fix',
    exitCode: 0,
    changes: [],
  });
});

test('audit --json has the seven artifacts in order', async () => {
  await using sandbox = await createProject();
  const document = await auditJson(sandbox);
  expect(document).toMatchObject({
    holdfast: 1,
    command: 'odps audit',
    exitCode: 1,
    project: 'jaffle_shop',
  });
  expect(document.artifacts.map(({ artifact, status }) => `${artifact} ${status}`)).toEqual([
    'odps missing',
    'output_contracts missing',
    'input_contracts deferred',
    'openlineage missing',
    'layout missing',
    'workflow missing',
    'git_connections deferred',
  ]);
});

test('several projects have a report each, with paths from where the command runs', async () => {
  await using sandbox = await createProject({
    'a/dbt_project.yml': 'name: a\n',
    'b/sub/dbt_project.yml': 'name: b\n',
    'a/dbt_packages/x/dbt_project.yml': 'name: x\n',
    'a/integration_tests/dbt_project.yml': 'name: y\n',
    'a/target/z/dbt_project.yml': 'name: z\n',
  });
  const { projects, artifacts } = await auditJson(sandbox);
  expect(projects?.map(({ project, folder }) => [project, folder])).toEqual([
    ['a', 'a'],
    ['b', 'b/sub'],
  ]);
  expect(artifacts[5]?.findings[0]?.path).toBe('.github/workflows/data-product.yml');
  expect(await odps(sandbox, ['fix', '--yes', '--offline'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('there are 2 dbt projects here: a, b/sub') as string,
  });
});

describe('wrong input', () => {
  test.each([
    [['audit', 'nowhere'], 'there is no folder nowhere'],
    [['audit', 'models'], 'there is no dbt_project.yml in models'],
    [['audit', '--base', 'nothing'], '--base nothing names no commit'],
    [['audit', '--base', '--output=/tmp/x'], 'names no commit'],
    [['audit', '--baseline', 'none.json'], '--baseline: there is no file none.json'],
    [['audit', '--connection', 'x'], 'has no connection "x" with a key'],
    [['fix', '--offline', '--answers', 'none.yaml'], 'there is no file none.yaml'],
    [['fix', '--offline', '--answers', 'models/orders.sql'], 'it must be a mapping'],
    [['fix', '--offline', '--yes'], 'these placeholders are not answered: PURPOSE, TEAM_NAME'],
    [['fix', '--offline', '--answers', 'answers.yaml'], 'there is nobody to ask'],
    [
      ['fix', '--offline', '--yes', '--answers', 'answers.yaml', '--catalog', 'a b'],
      'CATALOG must have no space',
    ],
    [['check', 'none.odps.yaml'], 'there is no file none.odps.yaml'],
  ])('%j: %s', async (args, message) => {
    await using sandbox = await createProject();
    const { exitCode, stderr } = await odps(sandbox, args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(await sandbox.git(sandbox.path('source'), 'status', '--short')).toBe('');
  });
});

test('a baseline lets an old project begin green, and only what is new counts', async () => {
  await using sandbox = await createProject();
  expect((await odps(sandbox, ['audit', '--write-baseline'])).exitCode).toBe(0);
  const accepted = await auditJson(sandbox, ['--baseline', '.odps-baseline.json']);
  expect(accepted.exitCode).toBe(0);
  await sandbox.write({
    'source/.odps-audit.yaml': 'baseline: .odps-baseline.json\nrules:\n  file/syntax: error\n',
  });
  await sandbox.write({ 'source/jaffle_shop.odps.yaml': 'id: [\n' });
  const { exitCode, artifacts } = await auditJson(sandbox);
  expect([exitCode, artifacts[0]?.files[0]?.findings.map(({ ruleId }) => ruleId)]).toEqual([
    1,
    ['file/syntax'],
  ]);
});

test('a configuration that cannot be used is told with its place', async () => {
  await using sandbox = await createProject();
  await sandbox.write({ 'source/.odps-audit.yaml': 'rules:\n  odps/mising: off\ncolour: red\n' });
  const { exitCode, stderr } = await odps(sandbox, ['audit']);
  expect([exitCode, stderr]).toEqual([
    2,
    'error: .odps-audit.yaml cannot be used\nhint: .odps-audit.yaml:2:3: there is no rule "odps/mising"\n.odps-audit.yaml:3:1: colour must be one of rules, baseline, builder\n',
  ]);
});

test('--base finds what breaks the consumers of a contract', async () => {
  await using sandbox = await createProject();
  await odps(sandbox, ['fix', '--yes', '--offline', '--answers', 'answers.yaml']);
  const cwd = sandbox.path('source');
  await sandbox.git(cwd, 'add', '--all');
  await sandbox.git(
    cwd,
    '-c',
    'user.name=Ada',
    '-c',
    'user.email=a@example.com',
    'commit',
    '-qm',
    'Fix',
  );
  const contract = `${cwd}/models/output_ports/v1/jaffle_shop-v1.odcs.yaml`;
  await writeFile(contract, (await readFile(contract, 'utf8')).replace('order_id', 'id'));
  const { exitCode, artifacts } = await auditJson(sandbox, ['--base', 'main']);
  const found = artifacts[1]?.files[0]?.findings.map(({ ruleId }) => ruleId);
  expect([exitCode, found]).toEqual([1, expect.arrayContaining(['contract/breaking-change'])]);
});

test.each([
  ['sarif', '"version": "2.1.0"'],
  ['junit', '<testsuite name="holdfast odps audit"'],
  ['markdown', '[✗] ODPS file'],
])('--format %s, printed and saved', async (format, part) => {
  await using sandbox = await createProject();
  expect((await odps(sandbox, ['audit', '--format', format])).stdout).toContain(part);
  const saved = await odps(sandbox, ['audit', '--format', format, '--out', 'report.txt']);
  expect(saved.stdout).toContain('Saved to report.txt.');
  expect(await readFile(sandbox.path('source', 'report.txt'), 'utf8')).toContain(part);
});

test('check judges single files', async () => {
  await using sandbox = await createProject();
  await sandbox.write({
    'source/x.yaml': 'apiVersion: v1.0.0\nkind: DataProduct\nid: x\nstatus: active\nowner: me\n',
  });
  const { exitCode, stdout } = await odps(sandbox, [
    'check',
    '--json',
    'x.yaml',
    'dbt_project.yml',
  ]);
  const { files } = JSON.parse(stdout) as {
    files: { path: string; artifact: string; status: string }[];
  };
  expect([
    exitCode,
    files.map(({ path, artifact, status }) => `${path} ${artifact} ${status}`),
  ]).toEqual([1, ['x.yaml odps invalid', 'dbt_project.yml layout present']]);
});

test('at a terminal it asks once for what is open, and then for a yes', async () => {
  await using sandbox = await createProject();
  const input = 'Orders\nsales\nusecases/orders\npostgres\nshop\npublic\nn\n';
  const declined = await odps(sandbox, ['fix', '--offline'], { isTTY: true, input });
  expect(declined.stderr).toContain(
    'PLATFORM: platform (databricks, snowflake, bigquery, s3, postgres)? ',
  );
  expect(declined.stdout).toContain('| ODPS file | skipped | jaffle_shop.odps.yaml |');
  expect(await sandbox.git(sandbox.path('source'), 'status', '--short')).toBe('');

  const applied = await odps(sandbox, ['fix', '--offline'], {
    isTTY: true,
    input: input.replace(/n\n$/, 'y\n'),
  });
  expect(applied.stdout).toContain('| ODPS file | created | jaffle_shop.odps.yaml |');
});

test('a dry run shows the plan as a difference, and writes nothing', async () => {
  await using sandbox = await createProject();
  const { exitCode, stdout } = await odps(sandbox, [
    'fix',
    '--dry-run',
    '--offline',
    '--answers',
    'answers.yaml',
  ]);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('+    type: bigquery')]);
  expect(await sandbox.git(sandbox.path('source'), 'status', '--short')).toBe('');
});

test('a platform that cannot be reached, or refuses the key, is exit 3; the files are judged all the same', async () => {
  const server = createServer((_request, response) => response.writeHead(403).end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await using sandbox = await createProject();
    const environment = { ENTROPY_DATA_API_KEY: 'ed_secret', ENTROPY_DATA_HOST: host };
    const refused = await odps(sandbox, ['audit'], { environment });
    expect([refused.exitCode, refused.stdout]).toEqual([
      3,
      expect.stringContaining('[✗] ODPS file'),
    ]);
    expect(refused.stderr).toContain('was answered with 403');
    const fixed = await odps(sandbox, ['fix', '--yes', '--answers', 'answers.yaml'], {
      environment,
    });
    expect(fixed.exitCode).toBe(3);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const gone = await odps(sandbox, ['audit'], { environment });
    expect([gone.exitCode, gone.stderr]).toEqual([3, expect.stringContaining('ECONNREFUSED')]);
    expect(
      [refused, fixed, gone].map(({ stdout, stderr }) => stdout + stderr).join(),
    ).not.toContain('ed_secret');
  } finally {
    server.close();
  }
});
