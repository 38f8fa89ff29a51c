import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readDelivery } from './read-delivery.js';
import type { Headers } from './read-delivery.js';

const now = new Date('2026-02-02T10:00:00Z');
const secrets = { github: 'one', gitlab: 'two', forgejo: 'three' };
const oid = '1'.repeat(40);
const repository = {
  full_name: 'acme/standards',
  html_url: 'https://github.com/acme/standards',
  clone_url: 'https://github.com/acme/standards.git',
};

function hex(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

function github(event: string, payload: object, change: Headers = {}) {
  const body = JSON.stringify(payload);
  const headers = {
    'x-github-event': event,
    'x-hub-signature-256': `sha256=${hex('one', body)}`,
    ...change,
  };
  return readDelivery('github', { headers, body: Buffer.from(body) }, { secrets, now });
}

describe('readDelivery', () => {
  test('reads a pushed tag of GitHub', () => {
    const received = github('push', {
      ref: 'refs/tags/v1.1.0',
      after: oid,
      commits: [],
      repository,
    });
    expect(received).toMatchObject({
      kind: 'delivery',
      delivery: {
        forge: 'github',
        event: { kind: 'tag', tag: 'v1.1.0', commit: oid },
        repository: { name: 'acme/standards' },
      },
    });
  });

  test('reads the paths of a push, and none where commits are left out', () => {
    const commits = [{ id: oid, added: ['docs/a.md'], modified: ['b.md'], removed: ['docs/a.md'] }];
    const push = { ref: 'refs/heads/main', after: oid, repository };
    expect(github('push', { ...push, commits })).toMatchObject({
      delivery: { event: { kind: 'push', branch: 'main', paths: ['docs/a.md', 'b.md'] } },
    });
    const many = Array.from({ length: 2048 }, () => ({ added: ['x'], modified: [], removed: [] }));
    const received = github('push', { ...push, commits: many });
    expect(received.kind === 'delivery' && 'paths' in received.delivery.event).toBe(false);
  });

  test.each([
    ['another secret', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
    ['none', { 'x-hub-signature-256': undefined }],
    ['the old algorithm', { 'x-hub-signature-256': undefined, 'x-hub-signature': 'sha1=00' }],
  ])('refuses a signature by %s', (_, change) => {
    expect(github('push', { ref: 'refs/tags/v1', after: oid, repository }, change)).toMatchObject({
      kind: 'refused',
      status: 401,
    });
  });

  test('refuses a forge without a secret, a body that is no JSON, and an event of another shape', () => {
    const body = Buffer.from('{');
    const headers = {
      'x-github-event': 'push',
      'x-hub-signature-256': `sha256=${hex('one', '{')}`,
    };
    expect(readDelivery('github', { headers, body }, { secrets: {}, now })).toMatchObject({
      status: 404,
    });
    expect(readDelivery('github', { headers, body }, { secrets, now })).toMatchObject({
      status: 400,
    });
    expect(github('push', { ref: 7 })).toMatchObject({ kind: 'refused', status: 400 });
  });

  test('refuses what happened over a day ago', () => {
    const request = {
      action: 'closed',
      number: 3,
      pull_request: {
        updated_at: '2026-01-31T10:00:00Z',
        head: { ref: 'holdfast-sync/v1/docs', sha: oid },
      },
      repository,
    };
    expect(github('pull_request', request)).toMatchObject({ kind: 'refused', status: 409 });
  });

  test('gives what happened one digest, however often and under whatever id it is delivered', () => {
    const push = { ref: 'refs/tags/v1.1.0', after: oid, commits: [], repository };
    const first = github('push', push, { 'x-github-delivery': 'a' });
    const second = github('push', push, { 'x-github-delivery': 'b' });
    const other = github('push', { ...push, ref: 'refs/tags/v1.2.0' });
    const digests = [first, second, other].map((one) => one.kind === 'delivery' && one.digest);
    expect(digests[0]).toBe(digests[1]);
    expect(digests[2]).not.toBe(digests[0]);
  });

  test('reads Forgejo and Gitea, whose signature bears no prefix', () => {
    const body = JSON.stringify({
      ref: 'refs/heads/main',
      after: oid,
      total_commits: 2,
      commits: [{ added: [], modified: ['a'], removed: [] }],
      repository,
    });
    for (const name of ['x-gitea-signature', 'x-forgejo-signature']) {
      const headers = { 'x-gitea-event': 'push', [name]: hex('three', body) };
      const received = readDelivery(
        'forgejo',
        { headers, body: Buffer.from(body) },
        { secrets, now },
      );
      expect(received).toMatchObject({ delivery: { event: { kind: 'push', branch: 'main' } } });
      expect(received.kind === 'delivery' && 'paths' in received.delivery.event).toBe(false);
    }
  });

  test('reads GitLab by its token', () => {
    const body = JSON.stringify({
      object_kind: 'tag_push',
      ref: 'refs/tags/v2',
      after: oid,
      project: {
        path_with_namespace: 'acme/standards',
        git_http_url: 'https://gitlab.com/acme/standards.git',
      },
    });
    const read = (token: string) =>
      readDelivery(
        'gitlab',
        {
          headers: { 'x-gitlab-event': 'Tag Push Hook', 'x-gitlab-token': token },
          body: Buffer.from(body),
        },
        { secrets, now },
      );
    expect(read('two')).toMatchObject({ delivery: { event: { kind: 'tag', tag: 'v2' } } });
    expect(read('tw')).toMatchObject({ status: 401 });
  });

  test('reads GitLab by its signature, and refuses an old one', () => {
    const body = JSON.stringify({ object_kind: 'note' });
    const read = (seconds: number) => {
      const signed = createHmac('sha256', 'two').update(`m1.${seconds}.${body}`).digest('base64');
      const headers = {
        'webhook-id': 'm1',
        'webhook-timestamp': String(seconds),
        'webhook-signature': `v1,${signed}`,
      };
      return readDelivery('gitlab', { headers, body: Buffer.from(body) }, { secrets, now });
    };
    const seconds = now.getTime() / 1000;
    expect(read(seconds)).toMatchObject({ delivery: { event: { kind: 'none' } } });
    expect(read(seconds - 2 * 86_400)).toMatchObject({ status: 409 });
  });

  test('takes a deleted tag for nothing', () => {
    const push = {
      ref: 'refs/tags/v1',
      after: '0'.repeat(40),
      deleted: true,
      commits: [],
      repository,
    };
    expect(github('push', push)).toMatchObject({ delivery: { event: { kind: 'none' } } });
  });
});
