import { expect, it } from 'vitest';
import {
  applyFix,
  audit,
  chooseConnection,
  createPlatformClient,
  planFix,
  PlatformError,
  readPlatform,
  readProject,
  reportFix,
} from '../src/index.js';
import { API_KEY, startPlatform, type PlatformServer } from './platform-server.js';
import {
  answers,
  findingsOf,
  goodProject,
  makeFolder,
  repository,
  schemas,
  withFiles,
  type Files,
} from './sandbox.js';

const contract = 'models/output_ports/v1/orders-v1.odcs.yaml';

function clientOf({ host }: PlatformServer, apiKey = API_KEY) {
  return createPlatformClient({ host, apiKey, timeoutMs: 2000 });
}

async function auditWith(platform: PlatformServer, files: Files = goodProject) {
  const project = (await readProject(await makeFolder(files)))!;
  const state = await readPlatform(clientOf(platform), project);
  const found = await audit(project, { git: repository, platform: state, schemas });
  expect(platform.violations).toEqual([]);
  return found;
}

function publish(platform: PlatformServer): void {
  platform.dataproducts.set('shop', { id: 'shop' });
  platform.datacontracts.set('orders-v1', { id: 'orders-v1' });
}

function connect(platform: PlatformServer, change: Record<string, unknown> = {}): void {
  publish(platform);
  const connection = {
    repositoryUrl: 'https://github.com/acme/shop',
    repositoryPath: 'shop.odps.yaml',
    repositoryBranch: 'main',
    gitConnectionType: 'github',
    syncStatus: 'UP_TO_DATE',
  };
  platform.connections.set('dataproducts/shop', { ...connection, ...change });
  platform.connections.set('datacontracts/orders-v1', { ...connection, repositoryPath: contract });
}

it('tells unpublished, unconnected and connected apart', async () => {
  const platform = await startPlatform();
  const before = (await auditWith(platform)).artifacts[6]!;
  expect([before.status, before.note]).toEqual([
    'deferred',
    'deferred: data product not yet published — run the workflow first',
  ]);

  publish(platform);
  const missing = (await auditWith(platform)).artifacts[6]!;
  expect([missing.status, ...missing.files.map(({ status }) => status)]).toEqual([
    'missing',
    'missing',
    'missing',
  ]);
  expect(missing.files[0]?.findings[0]?.hint).toBe(
    'run holdfast odps fix, or entropy-data dataproducts gitconnection put shop --repository-url https://github.com/acme/shop --repository-path shop.odps.yaml --repository-branch main --git-connection-type github',
  );

  connect(platform, {
    repositoryUrl: 'git@github.com:Acme/Shop.git',
    repositoryPath: '/shop.odps.yaml',
  });
  const found = await auditWith(platform);
  expect(found.artifacts[6]?.status).toBe('present');
  expect(found.isWellIntegrated).toBe(true);
});

it.each([
  [{ repositoryUrl: 'https://github.com/fork/shop' }, 'connection/drifted'],
  [{ repositoryBranch: 'master' }, 'connection/drifted'],
  [{ repositoryPath: 'old.odps.yaml' }, 'connection/drifted'],
  [{ syncStatus: 'REMOTE_IS_NEWER' }, 'connection/not-in-sync'],
])('sees that %j has drifted', async (change, rule) => {
  const platform = await startPlatform();
  connect(platform, change);
  const { artifacts } = await auditWith(platform);
  expect([
    artifacts[6]?.status,
    artifacts[6]?.files[0]?.findings.map(({ ruleId }) => ruleId),
  ]).toEqual(['drifted', [rule]]);
});

it('knows the teams of all pages, the access agreements and the contracts of providers', async () => {
  const platform = await startPlatform();
  connect(platform);
  platform.teams.unshift({ id: 'other', name: 'Other', type: 'Team' });
  const agreement = (port: string, active: boolean) => ({
    id: port,
    info: { purpose: 'x', active },
    provider: { dataProductId: 'p', outputPortId: port },
    consumer: { dataProductId: 'shop' },
  });
  platform.access.push(agreement('up', true), agreement('down', false), agreement('new', true));
  const text = (goodProject[contract] as string).replace('id: orders-v1', 'id: up-v1');
  platform.datacontracts.set('up-v1', { id: 'up-v1', changed: true });
  const files = withFiles({
    'models/input_ports/up.odcs.yaml': text,
    'models/input_ports/up.source.yaml': 'version: 2\n',
    'models/input_ports/down.odcs.yaml': text.replace('up-v1', 'down-v1'),
    'models/input_ports/down.source.yaml': 'version: 2\n',
  });
  const { artifacts } = await auditWith(platform, files);
  expect(artifacts[0]?.status).toBe('present');
  const inputs = findingsOf({ artifacts: [artifacts[2]!] } as never);
  expect(inputs.map(({ ruleId, path }) => `${ruleId} ${path}`)).toEqual([
    'input/missing models/input_ports',
    'input/no-access models/input_ports/down.odcs.yaml',
    'input/drifted models/input_ports/up.odcs.yaml',
  ]);

  platform.teams.splice(1);
  expect(
    (await auditWith(platform, files)).artifacts[0]?.files[0]?.findings.map(({ ruleId }) => ruleId),
  ).toEqual(['odps/team-unknown']);
});

async function fix(platform: PlatformServer) {
  const folder = await makeFolder(goodProject);
  const project = (await readProject(folder))!;
  const client = clientOf(platform);
  const plan = await planFix(project, {
    git: repository,
    answers,
    schemas,
    platform: await readPlatform(client, project),
  });
  if (plan.kind !== 'planned') throw new Error(JSON.stringify(plan));
  const outcome = await applyFix(plan, { folder, client });
  expect(platform.violations).toEqual([]);
  return { plan, outcome, report: reportFix(plan, outcome) };
}

it('registers what is missing, changes what has drifted, and then nothing', async () => {
  const platform = await startPlatform();
  connect(platform, { repositoryBranch: 'master' });
  platform.connections.delete('datacontracts/orders-v1');
  const { plan, report } = await fix(platform);
  expect(plan.connections.map(({ kind, subject, drift }) => [kind, subject.id, drift])).toEqual([
    ['update', 'shop', [{ field: 'repositoryBranch', actual: 'master', wanted: 'main' }]],
    ['create', 'orders-v1', []],
  ]);
  expect(report.rows[6]).toEqual({
    artifact: 'git_connections',
    status: 'created',
    details: 'shop, orders-v1',
  });
  expect(platform.connections.get('datacontracts/orders-v1')).toMatchObject({
    repositoryUrl: 'https://github.com/acme/shop',
    repositoryPath: contract,
    repositoryBranch: 'main',
    gitConnectionType: 'github',
  });

  const puts = platform.requests.filter((request) => request.startsWith('PUT')).length;
  const again = await fix(platform);
  expect(again.report.rows[6]).toMatchObject({ status: 'already present' });
  expect(again.report.nextSteps).toEqual([]);
  expect(platform.requests.filter((request) => request.startsWith('PUT')).length).toBe(puts);
});

it('explains 409 and 422, puts once, and goes on', async () => {
  const platform = await startPlatform();
  publish(platform);
  platform.fail('PUT /api/dataproducts/shop/gitconnection', {
    status: 422,
    detail: 'No git credentials found',
  });
  platform.fail('PUT /api/datacontracts/orders-v1/gitconnection', {
    status: 409,
    detail: 'File is already connected',
  });
  const { outcome, report } = await fix(platform);
  expect(
    outcome.failed.map(({ reason, hint }) => [reason.replace(/127\.0\.0\.1:\d+/, 'HOST'), hint]),
  ).toEqual([
    [
      'PUT /api/dataproducts/shop/gitconnection of HOST was answered with 422: No git credentials found',
      'add a git credential on the platform, or name one as GIT_CREDENTIAL_EXTERNAL_ID',
    ],
    [
      'PUT /api/datacontracts/orders-v1/gitconnection of HOST was answered with 409: File is already connected',
      'disconnect the file there first: entropy-data … gitconnection delete',
    ],
  ]);
  expect(report.rows[6]?.status).toBe('deferred');
  expect(platform.requests.filter((request) => request.startsWith('PUT'))).toHaveLength(2);
});

it.each([
  ['a bad key', { status: 403, detail: 'The API key was not found' }, 'forbidden', 1],
  ['too many requests', { status: 429, retryAfter: '0' }, 'rate-limited', 3],
  ['a page of HTML with 500', { status: 500, html: true }, 'server-error', 3],
  ['an answer that is cut off', { kind: 'hang-up' }, 'unreachable', 3],
  ['a page of HTML with 200', { kind: 'not-json' }, 'bad-answer', 1],
] as const)('fails after %s, with a code', async (_name, fault, code, tries) => {
  const platform = await startPlatform();
  platform.fail('GET /api/teams', fault, fault, fault);
  const failed: unknown = await clientOf(platform)
    .listTeams()
    .catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(PlatformError);
  expect((failed as PlatformError).code).toBe(code);
  expect(platform.requests).toHaveLength(tries);
});

it('tries reading again after what passes', async () => {
  const platform = await startPlatform();
  platform.fail('GET /api/teams', { status: 503 }, { kind: 'hang-up' });
  expect(await clientOf(platform).listTeams()).toEqual([{ id: 'sales', name: 'Sales' }]);
});

it('sends the key to no other host, and tells it to nobody', async () => {
  const other = await startPlatform();
  const platform = await startPlatform();
  const follow: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    return response.status === 200
      ? Response.json({}, { status: 302, headers: { location: `${other.host}/api/teams?p=0` } })
      : response;
  };
  const redirected = createPlatformClient({ host: platform.host, apiKey: API_KEY, fetch: follow });
  const failed = await redirected.listTeams().catch((error: unknown) => error as Error);
  expect([String(failed), JSON.stringify(failed)].join()).not.toContain(API_KEY);
  expect(other.requests).toEqual([]);
  expect(() => createPlatformClient({ host: 'http://example.com', apiKey: API_KEY })).toThrow(
    'must be an HTTPS URL',
  );
  expect(() => createPlatformClient({ host: `https://${API_KEY}@`, apiKey: API_KEY })).toThrow(
    /^(?!.*ed_test)/,
  );
});

it.each([
  [
    'the environment',
    { environment: { ENTROPY_DATA_API_KEY: 'k', ENTROPY_DATA_HOST: 'https://own/' } },
    ['the environment', 'https://own', 'k'],
  ],
  [
    'the default host',
    { environment: { ENTROPY_DATA_API_KEY: 'k' } },
    ['the environment', 'https://api.entropy-data.com', 'k'],
  ],
  ['the default of the file', { environment: {} }, ['prod', 'https://prod', 'p']],
  [
    'a named connection before the environment',
    { environment: { ENTROPY_DATA_API_KEY: 'k' }, name: 'dev' },
    ['dev', 'https://api.entropy-data.com', 'd'],
  ],
  [
    'a host before all',
    { environment: {}, name: 'prod', host: 'https://flag' },
    ['prod', 'https://flag', 'p'],
  ],
])('chooses %s', (_name, options, [name, host, apiKey]) => {
  const config =
    'default_connection_name = "prod"\n[connections.prod]\napi_key = "p"\nhost = "https://prod"\n[connections.dev]\napi_key = "d"\n';
  expect(chooseConnection({ config, ...options })).toEqual({
    kind: 'chosen',
    connection: { name, host, apiKey },
  });
});

it('says what is wrong with the configuration, and no key', () => {
  const broken = chooseConnection({
    environment: {},
    config: '[connections.prod]\napi_key = "ed_secret\n',
  });
  expect(broken).toEqual({
    kind: 'invalid',
    message: 'the configuration of entropy-data is no TOML: line 2, column 21',
  });
  expect(chooseConnection({ environment: {}, config: '', name: 'x' })).toMatchObject({
    kind: 'invalid',
  });
  expect(chooseConnection({ environment: {} })).toEqual({ kind: 'none' });
});
