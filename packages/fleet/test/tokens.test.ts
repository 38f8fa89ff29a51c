import { generateKeyPairSync } from 'node:crypto';
import type { StandInKind } from '@holdfast/forge-stand-in';
import type { SyncedItem } from '@holdfast/sync';
import { describe, expect, test } from 'vitest';
import { checkAuth, readConfiguration } from '../src/index.js';
import { createServerFleet, type ServerFleet } from './server-world.js';

const outcomes = (items: readonly SyncedItem[]) =>
  items.map(({ plan, applied, error }) =>
    plan.kind === 'failed' ? plan.error.code : (error?.code ?? applied?.kind ?? plan.kind),
  );

async function check({ surroundings, source }: ServerFleet) {
  const { configuration } = await readConfiguration(source, undefined);
  const [auth] = await checkAuth(configuration, surroundings);
  return auth;
}

/** What a token is: how it begins, whose it is, and what the check calls it. */
const tokens: readonly (readonly [StandInKind, string, string, string, string])[] = [
  ['github', 'a classic token', 'ghp_secret1', 'ada', 'github-token'],
  ['github', 'a fine-grained token', 'github_pat_secret2', 'ada', 'github-fine-grained'],
  ['github', 'an OAuth token', 'gho_secret3', 'ada', 'github-oauth'],
  ['gitlab', 'a personal token', 'glpat-secret4', 'ada', 'gitlab-token'],
  ['gitlab', 'a project token', 'glpat-secret5', 'project_1_bot_abc', 'gitlab-token'],
  ['gitlab', 'a group token', 'glpat-secret6', 'group_2_bot_abc', 'gitlab-token'],
  ['forgejo', 'a token', '0123456789abcdef0123456789abcdef01234567', 'ada', 'unknown'],
];

describe('tokens', () => {
  test.each(tokens)('%s: %s serves git and API alike', async (kind, _name, token, user, is) => {
    await using at = await createServerFleet(kind, { token, user, owners: false });
    at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
    expect(outcomes(await at.sync())).toEqual(['opened']);
    const { log, world, violations } = at.standIn;
    expect(world.repositories.get('org/t1')?.items[0]?.author).toBe(user);
    expect(new Set(log.map((request) => request.token))).toEqual(new Set([token]));
    const auth = await check(at);
    expect(auth).toMatchObject({
      source: { kind: 'token', variable: 'HOLDFAST_GIT_TOKEN_127_0_0_1' },
      token: is,
      access: { identity: user },
      repositories: [{ path: 'org/t1', state: 'ready', missing: [] }],
    });
    expect(JSON.stringify(auth)).not.toContain(token);
    expect(violations).toEqual([]);
  });

  test('gitlab: the token of a CI job pushes, and says what it lacks to open a request', async () => {
    const token = 'glcbt-secret7';
    const user = 'gitlab-ci-token';
    await using at = await createServerFleet('gitlab', { token, user, owners: false });
    at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
    const [item] = await at.sync();
    expect(item?.error).toMatchObject({
      code: 'forbidden',
      hint: expect.stringContaining('holdfast auth check'),
    });
    expect(await check(at)).toMatchObject({
      token: 'gitlab-job',
      access: { identity: 'a CI job', missing: [expect.stringContaining('open requests')] },
    });
    const { log, world, violations } = at.standIn;
    expect(new Set(log.map((request) => request.token))).toEqual(new Set([token]));
    expect(world.repositories.get('org/t1')?.items).toEqual([]);
    // With a token that may, the next run opens the request of the branch that is there.
    world.tokens.set(token, 'ada');
    expect(outcomes(await at.sync())).toEqual(['opened']);
    expect(violations).toEqual([]);
  });

  test('github: an App logs in by a token of its installation, anew when that is no good any more', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    await using at = await createServerFleet('github', {
      token: undefined,
      owners: false,
      targets: 2,
      environment: {
        HOLDFAST_GITHUB_APP_ID_127_0_0_1: '7',
        HOLDFAST_GITHUB_APP_KEY_127_0_0_1: key.replaceAll('\n', '\\n'),
      },
    });
    at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
    at.standIn.faults.add({
      ...{ kind: 'answer', status: 401, method: 'POST', path: '/org/t2/pulls' },
      body: { message: 'Bad credentials' },
    });
    expect(outcomes(await at.sync())).toEqual(['opened', 'opened']);
    const { log, world, violations } = at.standIn;
    const asked = log.filter(({ path }) => /\.git\/|\/pulls/.test(path));
    const used = new Set(asked.map(({ token }) => token));
    expect([...used].every((token) => token?.startsWith('ghs_'))).toBe(true);
    expect(used.size).toBe(2);
    expect(world.repositories.get('org/t1')?.items[0]?.author).toBe('holdfast[bot]');
    expect(JSON.stringify(await check(at))).not.toContain('ghs_');
    expect(violations).toEqual([]);
  });

  test('no token: the outcome of the target says which variable to set', async () => {
    await using at = await createServerFleet('github', { token: undefined });
    at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
    expect(outcomes(await at.sync())).toEqual(['authentication']);
    expect(await check(at)).toMatchObject({
      source: { kind: 'none' },
      hint: expect.stringContaining('HOLDFAST_GIT_TOKEN_127_0_0_1'),
    });
  });
});
