import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StandInKind } from '@holdfast/forge-stand-in';
import { describe, expect, test } from 'vitest';
import {
  checkAuth,
  forgetTarget,
  listTargets,
  readConfiguration,
  withFleet,
} from '../src/index.js';
import { createServerFleet } from './server-world.js';

const kinds: readonly StandInKind[] = ['github', 'gitlab', 'forgejo'];
const owner = { github: 'org', gitlab: 'group', forgejo: 'org' };

describe.each(kinds)('%s', (kind) => {
  async function setUp(more = '') {
    const at = await createServerFleet(kind, { targets: 0 });
    const { world, origin } = at.standIn;
    const files = { 'README.md': 'hello\n' };
    const add = (name: string, options = {}) => world.add(name, options).git.commit('main', files);
    add('org/api', { topics: ['docs', 'go'] });
    add('org/web', { topics: ['docs'] });
    add('org/legacy', { topics: ['docs'] });
    add('org/old', { archived: true, topics: ['docs'] });
    add('org/fork', { fork: true, topics: ['docs'] });
    add('org/empty', { empty: true, topics: ['docs'] });
    add('org/plain');
    writeFileSync(
      join(at.source, 'holdfast.yaml'),
      `namespace: acme\nsource: { name: acme/standards }\ntargets_from:\n  ${kind}: { ${owner[kind]}: org, host: "${new URL(origin).host}", topic: docs, exclude: ["org/leg*"]${more} }\n`,
    );
    writeFileSync(
      join(at.source, 'rules/docs.yaml'),
      'sync_rule:\n  id: docs\n  source: "docs/**"\n  targets: { labels: { docs: true } }\n  target_path: "docs/"\n  strategy: copy\n  frequency: on_release\n',
    );
    return at;
  }

  test('targets are found by topic, without archived, forked and empty repositories', async () => {
    await using at = await setUp();
    const rows = await listTargets(at.surroundings);
    expect(rows.map(({ target, from, rules }) => [target, from, rules])).toEqual([
      ['org/api', 'targets_from', ['docs']],
      ['org/web', 'targets_from', ['docs']],
    ]);
    expect(rows[0]).toMatchObject({
      forge: kind,
      branch: 'main',
      labels: { docs: true, go: true },
    });
    at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
    expect((await at.sync()).map(({ plan, applied }) => [plan.target, applied?.kind])).toEqual([
      ['org/api', 'opened'],
      ['org/web', 'opened'],
    ]);
    expect(at.standIn.violations).toEqual([]);
  });

  test('archived, forked and empty ones are targets where the configuration says so', async () => {
    await using at = await setUp(', archived: true, forks: true, empty: true');
    const names = (await listTargets(at.surroundings)).map(({ target }) => target);
    expect(names).toEqual(['org/api', 'org/empty', 'org/fork', 'org/old', 'org/web']);
  });

  test('a repository that is listed no more is told of until it is forgotten', async () => {
    await using at = await setUp();
    await listTargets(at.surroundings);
    at.standIn.world.repositories.get('org/web')!.topics = [];
    at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
    const warnings: string[] = [];
    const onWarnings = (found: readonly { message: string }[]) =>
      void warnings.push(...found.map(({ message }) => message));
    await withFleet({ ...at.surroundings, onWarnings }, async ({ configuration }) => {
      expect(Object.keys(configuration.targets)).toEqual(['org/api']);
    });
    expect(warnings[0]).toContain('holdfast targets forget org/web');
    expect(await listTargets(at.surroundings)).toMatchObject([{}, { from: 'left', rules: [] }]);
    await expect(forgetTarget(at.surroundings, 'org/api')).rejects.toMatchObject({
      code: 'bad-argument',
      hint: 'these have: org/web',
    });
    await forgetTarget(at.surroundings, 'org/web');
    expect(await listTargets(at.surroundings)).toHaveLength(1);
  });

  test('auth check says whose the login is and what it may do, and never the secret', async () => {
    await using at = await createServerFleet(kind, { targets: 2 });
    at.standIn.world.repositories.get('org/t2')!.archived = true;
    const { configuration } = await readConfiguration(at.source, undefined);
    const hosts = await checkAuth(configuration, at.surroundings);
    expect(hosts).toMatchObject([
      {
        host: new URL(at.standIn.origin).host,
        forge: kind,
        source: { kind: 'token', variable: 'HOLDFAST_GIT_TOKEN_127_0_0_1' },
        access: { identity: 'holdfast' },
        repositories: [
          { path: 'org/t1', state: 'ready' },
          { path: 'org/t2', state: 'archived' },
        ],
      },
    ]);
    expect(JSON.stringify(hosts)).not.toContain('secret-token');
    at.standIn.world.tokens.clear();
    expect(await checkAuth(configuration, at.surroundings)).toMatchObject([
      { error: { code: 'authentication', blame: 'environment' } },
    ]);
    const none = { ...at.surroundings.environment, HOLDFAST_GIT_TOKEN_127_0_0_1: undefined };
    const [host] = await checkAuth(configuration, { ...at.surroundings, environment: none });
    expect(host).toMatchObject({ source: { kind: 'none' } });
    expect(host?.hint).toContain('HOLDFAST_GIT_TOKEN_127_0_0_1');
  });
});

test('a GitHub App logs in for API and git alike', async () => {
  const { generateKeyPairSync } = await import('node:crypto');
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await using at = await createServerFleet('github');
  const { environment } = at.surroundings as { environment: Record<string, string | undefined> };
  delete environment['HOLDFAST_GIT_TOKEN_127_0_0_1'];
  environment['HOLDFAST_GITHUB_APP_ID'] = '7';
  environment['HOLDFAST_GITHUB_APP_KEY'] = privateKey.replaceAll('\n', '\\n');
  at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
  expect((await at.sync()).map(({ applied }) => applied?.kind)).toEqual(['opened']);
  const tokens = new Set(at.standIn.log.map(({ token }) => token?.slice(0, 4)));
  expect([...tokens].filter(Boolean).sort()).toEqual(['eyJh', 'ghs_']);
  expect(at.standIn.violations).toEqual([]);
});
