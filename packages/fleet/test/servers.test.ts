import type { StandInKind, StoredItem } from '@holdfast/forge-stand-in';
import type { SyncedItem } from '@holdfast/sync';
import { describe, expect, test } from 'vitest';
import { createServerFleet, type ServerFleet } from './server-world.js';

const kinds: readonly StandInKind[] = ['github', 'gitlab', 'forgejo'];
const branch = 'acme-sync/v1.0.0/docs';

const outcomes = (items: readonly SyncedItem[]) =>
  items.map(({ plan, applied, error }) =>
    plan.kind === 'failed' ? plan.error.code : (error?.code ?? applied?.kind ?? plan.kind),
  );

function requests({ standIn }: ServerFleet, name = 'org/t1'): readonly StoredItem[] {
  return standIn.world.repositories.get(name)!.items;
}

describe.each(kinds)('%s', (kind) => {
  test.each(['auto', 'program', 'embedded'] as const)(
    'a release becomes a request with labels and reviewers, by the %s engine',
    async (engine) => {
      await using at = await createServerFleet(kind, { engine });
      at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
      expect(outcomes(await at.sync())).toEqual(['opened']);
      const [request] = requests(at);
      expect(request).toMatchObject({
        state: 'open',
        title: 'sync(acme): Update guide from v1.0.0',
        head: branch,
        base: 'main',
        labels: ['acme-sync', 'auto-generated'],
        reviewers: ['ada'],
      });
      expect(request?.body).toContain('## Sync Update from standards');
      expect(outcomes(await at.sync())).toEqual(['unchanged']);
      expect(requests(at)).toHaveLength(1);
      expect(at.standIn.violations).toEqual([]);
    },
  );

  test('a later release takes the place of an open one; a merged one is current', async () => {
    await using at = await createServerFleet(kind);
    at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
    await at.sync();
    at.release('v1.1.0', { 'docs/guide.md': '# Guide 2\n' });
    expect(outcomes(await at.sync())).toEqual(['opened']);
    expect(requests(at).map(({ state }) => state)).toEqual(['closed', 'open']);
    expect(requests(at)[0]?.comments[0]?.body).toContain('Superseded by #2');
    const repository = at.standIn.world.repositories.get('org/t1')!;
    repository.git.merge('main', requests(at)[1]!.headCommit, 'Merge', false);
    expect(outcomes(await at.sync())).toEqual(['current']);
    expect(at.standIn.violations).toEqual([]);
  });

  test('a run with nothing to do asks each target for its refs, and the API for nothing', async () => {
    await using at = await createServerFleet(kind, { targets: 3 });
    at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
    await at.sync();
    for (const name of ['org/t1', 'org/t2', 'org/t3']) {
      const { git, items } = at.standIn.world.repositories.get(name)!;
      git.merge('main', items[0]!.headCommit, 'Merge', false);
      git.deleteBranch(branch);
    }
    await at.sync();
    at.standIn.log.length = 0;
    expect(outcomes(await at.sync())).toEqual(['current', 'current', 'current']);
    expect(at.standIn.log.filter(({ kind: what }) => what === 'api')).toEqual([]);
    for (const name of ['org/t1', 'org/t2', 'org/t3']) {
      const asked = at.standIn.log.filter(({ path }) => path.startsWith(`/${name}.git`));
      expect(asked.map(({ method, status }) => `${method} ${status}`)).toEqual(['POST 200']);
    }
  });

  test('with requests open and nothing new, two requests a target: refs, and the request', async () => {
    await using at = await createServerFleet(kind, { targets: 2 });
    at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
    await at.sync();
    at.standIn.log.length = 0;
    expect(outcomes(await at.sync())).toEqual(['unchanged', 'unchanged']);
    const asked = at.standIn.log.map(({ kind: what }) => what).sort();
    expect(asked).toEqual(['api', 'api', 'git', 'git']);
  });

  test('a request is opened with as few requests as the forge allows', async () => {
    await using at = await createServerFleet(kind, { owners: false });
    at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
    await at.sync();
    const asked = at.standIn.log.map(({ kind: what, method, path }) => {
      const [, last] = /([\w-]+)(?:\?.*)?$/.exec(decodeURIComponent(path)) ?? [];
      return `${what} ${method} ${last}`;
    });
    const pulls = kind === 'gitlab' ? 'merge_requests' : 'pulls';
    const between = {
      github: [`api POST pulls`, 'api POST labels'],
      gitlab: ['api GET docs', 'api POST merge_requests'],
      forgejo: ['api GET labels', 'api POST labels', 'api POST labels', 'api POST pulls'],
    };
    expect(asked).toEqual([
      'git POST git-upload-pack',
      'git POST git-upload-pack',
      `api GET ${pulls}`,
      'git POST git-receive-pack',
      ...between[kind],
    ]);
  });

  test('a closed request stays closed, and commits of others are respected', async () => {
    await using at = await createServerFleet(kind, { targets: 2 });
    at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
    await at.sync();
    requests(at)[0]!.state = 'closed';
    at.standIn.world.repositories.get('org/t2')!.git.commit(branch, { 'docs/guide.md': 'mine\n' });
    expect(outcomes(await at.sync())).toEqual(['declined', 'worked-on']);
    expect(requests(at)).toHaveLength(1);
  });

  test('one bad target does not stop the rest', async () => {
    await using at = await createServerFleet(kind, { targets: 3 });
    at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
    at.standIn.world.repositories.get('org/t2')!.archived = true;
    expect(outcomes(await at.sync())).toEqual(['opened', 'archived', 'opened']);
  });

  test('the open requests of a target are kept within their budget', async () => {
    await using probe = await createServerFleet(kind);
    const host = new URL(probe.standIn.origin).host;
    expect(host).toContain('127.0.0.1');
    await using at = await createServerFleet(kind);
    const own = new URL(at.standIn.origin).host;
    at.release('v1.0.0', {
      'docs/guide.md': '# Guide\n',
      'more/x.md': 'x\n',
      'holdfast.yaml': `namespace: acme\nsource: { name: acme/standards }\nforges: { "${own}": { open_requests_per_target: 1 } }\ntargets: { org/t1: { url: "${at.standIn.url('org/t1')}", forge: ${kind} } }\n`,
      'rules/more.yaml':
        'sync_rule:\n  id: more\n  source: "more/**"\n  target_repo: org/t1\n  target_path: "more/"\n  strategy: copy\n  frequency: on_release\n',
    });
    expect(outcomes(await at.sync()).sort()).toEqual(['opened', 'too-many-requests']);
    expect(requests(at)).toHaveLength(1);
  });

  test('merged by the forge itself when its checks have passed', async () => {
    await using at = await createServerFleet(kind, { rule: '  auto_merge: true\n' });
    const repository = at.standIn.world.repositories.get('org/t1')!;
    repository.requiresChecks = true;
    at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
    expect(outcomes(await at.sync())).toEqual(['opened']);
    repository.checks.set(requests(at)[0]!.headCommit, [{ name: 'ci', status: 'passed' }]);
    await at.sync();
    expect(requests(at)[0]?.state).toBe('merged');
    expect(outcomes(await at.sync())).toEqual(['current']);
  });

  test('the token goes with the first request, and not to where a server sends', async () => {
    await using at = await createServerFleet(kind, { targets: 2 });
    await using elsewhere = await createServerFleet(kind);
    at.release('v1.0.0', { 'docs/guide.md': '# Guide\n' });
    const location = `${elsewhere.standIn.origin}/org/t1.git/info/refs?service=git-upload-pack`;
    at.standIn.faults.add({
      ...{ kind: 'answer', path: '/org/t1.git', status: 302, headers: { location } },
      times: 2,
    });
    expect(outcomes(await at.sync())).toEqual(['authentication', 'opened']);
    expect(new Set(at.standIn.log.map(({ token }) => token))).toEqual(new Set(['secret-token']));
    expect(elsewhere.standIn.log.map(({ token }) => token)).toEqual([undefined]);
  });
});
