import { describe, expect, test } from 'vitest';

import { ForgeError, createHostGate, type Forge, type ServerForgeKind } from '../src/index.js';
import { connect, createForgeWorld, quickly } from './forge-world.js';

const kinds: readonly ServerForgeKind[] = ['github', 'gitlab', 'forgejo'];
const branch = 'agent33-sync/v1.0.0/docs';

/** The path of requests in each API, and what a body of one is called. */
const requestsPath = { github: '/pulls', gitlab: '/merge_requests', forgejo: '/pulls' };

async function setUp(kind: ServerForgeKind, options = {}) {
  const at = await createForgeWorld(kind, options);
  const server = at.server!;
  const headCommit = await at.commit(branch, { 'docs.md': 'one\n' });
  const wanted = { title: 'Update docs', body: 'text\n', head: branch, base: 'main', headCommit };
  return { ...at, ...server, wanted, requests: () => server.stored.items };
}

async function failure(promise: Promise<unknown>): Promise<ForgeError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ForgeError) return error;
  throw new Error(`expected a ForgeError, got ${String(error)}`);
}

const listings: readonly [string, (forge: Forge) => Promise<unknown>][] = [
  ['findByHead', (forge) => forge.findByHead(branch)],
  ['listOpen', (forge) => forge.listOpen()],
  ['get', (forge) => forge.get('1')],
];

describe.each(kinds)('%s, when things go wrong', (kind) => {
  test.each(['lost', 'cut'] as const)(
    'an answer to a create that is %s ends in one request',
    async (fault) => {
      const { forge, wanted, standIn, requests } = await setUp(kind);
      standIn.faults.add({ kind: fault, method: 'POST', path: requestsPath[kind] });
      const opened = await forge.open({ ...wanted, labels: ['sync'], reviewers: ['ada'] });
      expect(opened).toMatchObject({ kind: 'opened', request: { labels: ['sync'] } });
      expect(requests()).toHaveLength(1);
    },
  );

  test('a create that a gateway refused is made again, once', async () => {
    const { forge, wanted, standIn, requests } = await setUp(kind);
    const path = requestsPath[kind];
    standIn.faults.add({ kind: 'answer', status: 502, html: true, method: 'POST', path });
    expect((await forge.open(wanted)).kind).toBe('opened');
    expect(requests()).toHaveLength(1);
    await forge.close('1');
    standIn.faults.add({ kind: 'answer', status: 502, html: true, method: 'POST', path, times: 9 });
    const error = await failure(forge.open(wanted));
    expect(error).toMatchObject({ code: 'unreachable', blame: 'environment' });
    expect(requests()).toHaveLength(1);
  });

  test('a comment whose answer is lost is posted once', async () => {
    const { forge, wanted, standIn, requests } = await setUp(kind);
    await forge.open(wanted);
    standIn.faults.add({
      kind: 'lost',
      method: 'POST',
      path: kind === 'gitlab' ? 'notes' : 'comments',
    });
    await forge.comment('1', { body: 'hello', key: 'k' });
    expect(requests()[0]?.comments).toHaveLength(1);
  });

  test.each(listings)(
    '%s is asked again after a 500 with HTML, a cut and a lost answer',
    async (_, call) => {
      const { forge, wanted, standIn } = await setUp(kind);
      await forge.open(wanted);
      standIn.faults.add({ kind: 'answer', status: 500, html: true, method: 'GET' });
      standIn.faults.add({ kind: 'cut', method: 'GET' });
      standIn.faults.add({ kind: 'refused-connection', method: 'GET' });
      expect(await call(forge)).toBeTruthy();
      standIn.faults.add({ kind: 'answer', status: 500, html: true, times: 20 });
      const error = await failure(call(forge));
      expect(error).toMatchObject({ code: 'unreachable', blame: 'environment' });
      expect(error.message).not.toContain('<html>');
    },
  );

  test('an answer that takes too long is none', async () => {
    const { forge, standIn } = await setUp(kind, { timeoutMs: 50 });
    standIn.faults.add({ kind: 'slow', milliseconds: 300, times: 9 });
    const error = await failure(forge.findByHead(branch));
    expect(error).toMatchObject({ code: 'unreachable' });
    expect(error.message).toContain('it took longer than 50 ms');
  });

  test.each([
    ['429 with seconds', { status: 429, headers: { 'retry-after': '3' } }],
    ['403 with a secondary limit', { status: 403, headers: { 'retry-after': '2' } }],
    [
      '403 with a primary limit',
      {
        status: 403,
        headers: {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 2),
        },
      },
    ],
  ])('%s: waits as the answer says, also for a create', async (_, answer) => {
    const waits: number[] = [];
    let now = Date.now();
    const time = {
      clock: () => new Date(now),
      sleep: async (milliseconds: number) => {
        waits.push(milliseconds);
        now += milliseconds;
      },
    };
    const gate = createHostGate('host', time);
    const { forge, wanted, standIn, requests } = await setUp(kind, { ...time, gate });
    const path = requestsPath[kind];
    standIn.faults.add({ kind: 'answer', ...answer, method: 'POST', path });
    expect((await forge.open(wanted)).kind).toBe('opened');
    expect(requests()).toHaveLength(1);
    expect(waits.some((wait) => wait >= 1000 && wait <= 4000)).toBe(true);
  });

  test('a wait that is too long ends the call, and says until when', async () => {
    const { forge, standIn } = await setUp(kind);
    standIn.faults.add({ kind: 'answer', status: 429, headers: { 'retry-after': '7200' } });
    const error = await failure(forge.listOpen());
    expect(error).toMatchObject({ code: 'rate-limit', blame: 'environment' });
    expect(Date.parse(String(error.data['retryAt']))).toBeGreaterThan(Date.now() + 7_000_000);
  });

  test('a budget of requests an hour is kept', async () => {
    const clock = () => new Date();
    const gate = createHostGate('host', { clock, sleep: quickly, requestsPerHour: 2 });
    const { forge, standIn } = await setUp(kind, { gate });
    await forge.listOpen();
    await forge.listOpen();
    const error = await failure(forge.listOpen());
    expect(error).toMatchObject({ code: 'rate-limit', data: { budget: 2 } });
    expect(error.hint).toContain('requests_per_hour');
    expect(standIn.log.filter(({ kind: what }) => what === 'api')).toHaveLength(2);
  });

  test('a token that is no good is said so, and not tried again', async () => {
    const { forge, standIn } = await setUp(kind);
    standIn.world.tokens.clear();
    const error = await failure(forge.findByHead(branch));
    expect(error).toMatchObject({ code: 'authentication', blame: 'environment' });
    expect(error.message + error.hint).not.toContain('secret-token');
    expect(standIn.log.filter(({ status }) => status === 401)).toHaveLength(1);
  });

  test('a token that can be renewed in mid-run is', async () => {
    const { standIn, stored } = await setUp(kind);
    let current = 'old-token';
    const client = connect(standIn, {
      authorization: {
        headers: async (): Promise<Record<string, string>> => ({
          authorization: `Bearer ${current}`,
        }),
        renew: async () => {
          current = 'secret-token';
          return true;
        },
      },
    });
    const path = kind === 'gitlab' ? '/projects/org%2Fwebapp' : '/repos/org/webapp';
    expect((await client.call({ method: 'GET', path })).status).toBe(200);
    expect(stored.name).toBe('org/webapp');
  });

  test('the token stays behind when an answer sends to another host', async () => {
    const { forge, standIn } = await setUp(kind);
    const other = await setUp(kind);
    const location = other.standIn.origin.replace('127.0.0.1', 'localhost');
    standIn.faults.add({ kind: 'answer', status: 302, headers: { location: `${location}/x` } });
    const error = await failure(forge.listOpen());
    expect(error).toMatchObject({ code: 'redirected', blame: 'input' });
    expect(error.hint).toContain('The token does not follow');
    expect(other.standIn.log).toEqual([]);
  });

  test('a renamed repository is followed on its own host', async () => {
    const { forge, wanted, standIn, stored } = await setUp(kind);
    await forge.open(wanted);
    standIn.world.repositories.delete('org/webapp');
    standIn.world.repositories.set('org/renamed', stored);
    standIn.world.renamed.set('org/webapp', 'org/renamed');
    expect(await forge.findByHead(branch)).toHaveLength(1);
    const error = await failure(forge.comment('1', { body: 'x' }));
    expect(error).toMatchObject({ code: 'redirected' });
    expect(error.hint).toContain('moved or renamed');
  });

  test('an archived repository is said to be one', async () => {
    const { forge, wanted, stored } = await setUp(kind);
    stored.archived = true;
    const error = await failure(forge.open(wanted));
    expect(error).toMatchObject({ code: 'archived', blame: 'repository' });
  });

  test('a repository that is not there, or hidden', async () => {
    const { forge, standIn } = await setUp(kind);
    standIn.world.repositories.clear();
    expect(await failure(forge.listOpen())).toMatchObject({ code: 'unknown-repository' });
  });

  test('a locked conversation is said to be one', async () => {
    const { forge, wanted, requests } = await setUp(kind);
    await forge.open(wanted);
    requests()[0]!.locked = true;
    expect(await forge.findByHead(branch)).toMatchObject([{ locked: true }]);
    expect(await failure(forge.comment('1', { body: 'x' }))).toMatchObject({ code: 'forbidden' });
  });

  test('an answer of another shape is named with its place', async () => {
    const { forge, standIn } = await setUp(kind);
    standIn.faults.add({ kind: 'answer', status: 200, body: [{ number: 'x', iid: 'x' }] });
    const error = await failure(forge.listOpen());
    expect(error).toMatchObject({ code: 'bad-answer', blame: 'environment' });
    expect(error.message).toMatch(/: 0\.(number|iid): /);
    standIn.faults.add({ kind: 'answer', status: 200, html: true });
    expect((await failure(forge.listOpen())).message).toContain('no JSON');
  });
});

describe.each(kinds)('%s, as people use it', (kind) => {
  test('who cannot review, or is the author, is left out with a note', async () => {
    const { forge, wanted } = await setUp(kind);
    const reviewers = ['ada', 'holdfast', 'nobody', 'other/team'];
    const opened = await forge.open({ ...wanted, reviewers, labels: ['sync'] });
    expect(opened.request.reviewers).toEqual(['ada']);
    expect(opened.request.labels).toEqual(['sync']);
    const names = opened.notes?.map((note) => note.split(' ')[0]);
    expect(names?.sort()).toEqual(['holdfast', 'nobody', 'other/team']);
  });

  test('teams are asked where the forge has teams that review', async () => {
    const { forge, wanted } = await setUp(kind);
    const { request, notes } = await forge.open({ ...wanted, reviewers: ['org/writers'] });
    if (kind === 'gitlab') expect(notes).toHaveLength(1);
    else expect(request.reviewers).toEqual(['org/writers']);
  });

  test('merges by itself exactly the head that was given, once its checks have passed', async () => {
    const { forge, wanted, stored, commit, tip } = await setUp(kind);
    stored.requiresChecks = true;
    stored.checks.set(wanted.headCommit, [{ name: 'ci', status: 'pending' }]);
    const opened = await forge.open({ ...wanted, autoMerge: true, mergeMethod: 'squash' });
    expect(opened).not.toHaveProperty('notes');
    expect(opened.request).toMatchObject({ state: 'open', autoMerge: kind !== 'forgejo' });
    expect(await forge.readiness('1')).toMatchObject({ verdict: 'pending' });
    stored.checks.set(wanted.headCommit, [{ name: 'ci', status: 'passed' }]);
    expect(await forge.get('1')).toMatchObject({ state: 'merged' });
    const other = await commit('other', { 'x.md': 'x\n' });
    const next = { ...wanted, head: 'other', headCommit: other };
    await forge.open({ ...next, autoMerge: true });
    expect((await forge.update('2', { autoMerge: false })).changed).toBe(true);
    stored.checks.set(other, [{ name: 'ci', status: 'passed' }]);
    expect(await forge.get('2')).toMatchObject({ state: 'open' });
    expect(tip('other')).toBe(other);
  });

  test('what the repository does not merge by itself stays open, with a note', async () => {
    const { forge, wanted, stored } = await setUp(kind);
    stored.allowAutoMerge = false;
    stored.requiresChecks = true;
    const opened = await forge.open({ ...wanted, autoMerge: true });
    expect(opened.request.state).toBe('open');
    expect(opened.notes?.[0]).toContain('it is not merged automatically');
  });

  test('a head that moved is not merged by itself', async () => {
    const { forge, wanted, stored } = await setUp(kind);
    stored.requiresChecks = true;
    const opened = await forge.open({ ...wanted, headCommit: '1'.repeat(40), autoMerge: true });
    expect(opened.notes?.[0]).toContain('it is not merged automatically');
    expect(stored.items[0]).not.toHaveProperty('autoMerge');
  });

  test('a review that is required blocks, and the outcome says so', async () => {
    const { forge, wanted, stored } = await setUp(kind);
    await forge.open(wanted);
    stored.requiresReview = true;
    const outcome = await forge.merge('1', { method: 'merge', expectedHead: wanted.headCommit });
    expect(outcome.kind).toBe('blocked');
    if (outcome.kind === 'blocked') expect(outcome.reason).not.toBe('');
  });

  test('a merge queue takes what is merged and what merges by itself', async () => {
    if (kind !== 'github') return; // the others have none behind these calls
    const { forge, commit, stored, wanted, requests, standIn } = await setUp(kind);
    stored.mergeQueue = true;
    await forge.open(wanted);
    const outcome = await forge.merge('1', { method: 'merge', expectedHead: wanted.headCommit });
    expect(outcome).toMatchObject({
      kind: 'blocked',
      reason: 'it is in the merge queue of its base branch, and waits there',
    });
    expect(requests()[0]).toMatchObject({ state: 'open', autoMerge: { head: wanted.headCommit } });
    expect((await forge.get('1'))?.state).toBe('merged'); // the queue has come to it
    const other = await commit('other', { 'x.md': 'x\n' });
    const opened = await forge.open({
      ...wanted,
      head: 'other',
      headCommit: other,
      autoMerge: true,
    });
    expect(opened.notes).toBeUndefined();
    expect(requests()[1]).toMatchObject({ state: 'merged', headCommit: other });
    expect(standIn.violations).toEqual([]);
  });

  test('a request of a fork with the same branch name is nobody of ours', async () => {
    const { forge, wanted, standIn } = await setUp(kind);
    await forge.open(wanted);
    const answer = await fetchRaw(standIn.origin, kind);
    const foreign = {
      github: { head: { ref: branch, sha: '1', repo: { id: 5 } } },
      gitlab: { source_project_id: 5 },
      forgejo: { head: { ref: branch, sha: '1', repo_id: 5 } },
    };
    const body = [{ ...(answer[0] as object), ...foreign[kind] }];
    standIn.faults.add({ kind: 'answer', status: 200, body });
    expect(await forge.findByHead(branch)).toEqual([]);
  });

  test('releases are listed without drafts', async () => {
    const { forge, stored } = await setUp(kind);
    stored.releases.push({ tag: 'v2', name: 'Two', body: 'notes', draft: false });
    stored.releases.push({ tag: 'v3', name: 'Three', body: '', draft: true });
    const releases = await forge.listReleases();
    expect(releases.map(({ tag, name, notes }) => [tag, name, notes])).toEqual([
      ['v2', 'Two', 'notes'],
    ]);
  });

  test('many requests come page by page', async () => {
    const { forge, wanted, stored } = await setUp(kind);
    await forge.open(wanted);
    const [first] = stored.items;
    for (let number = 2; number <= 120; number += 1) {
      stored.items.push({ ...first!, number, state: 'closed', comments: [] });
    }
    expect(await forge.findByHead(branch)).toHaveLength(120);
  });

  test('what did not change is not sent again', async () => {
    const { forge, wanted, standIn } = await setUp(kind);
    await forge.open(wanted);
    await forge.findByHead(branch);
    const answers: number[] = [];
    const client = connect(standIn, {
      fetch: async (...args) => {
        const response = await fetch(...args);
        answers.push(response.status);
        return response;
      },
    });
    const path = kind === 'gitlab' ? '/projects/org%2Fwebapp' : '/repos/org/webapp';
    const first = await client.call({ method: 'GET', path });
    expect(await client.call({ method: 'GET', path })).toEqual(first);
    expect(answers).toEqual([200, 304]);
  });
});

async function fetchRaw(origin: string, kind: ServerForgeKind): Promise<unknown[]> {
  const below = {
    github: '/api/v3/repos/org/webapp/pulls',
    gitlab: '/api/v4/projects/org%2Fwebapp/merge_requests',
    forgejo: '/api/v1/repos/org/webapp/pulls',
  };
  const headers = { authorization: 'Bearer secret-token' };
  const response = await fetch(origin + below[kind], { headers });
  return (await response.json()) as unknown[];
}
