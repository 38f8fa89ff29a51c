import { describe, expect, test } from 'vitest';
import type { Delivery, ForgeEvent } from './forge-event.js';
import { matchDelivery } from './match-delivery.js';
import type { Watched } from './match-delivery.js';

const watched: Watched = {
  namespace: 'holdfast',
  comments: true,
  source: {
    name: 'acme/standards',
    url: 'git@github.com:acme/standards.git',
    branch: 'main',
    isRelease: (tag) => tag.startsWith('v'),
  },
  targets: {
    'org/app': { url: 'https://github.com/Org/App.git' },
    'org/local': { url: '../local.git' },
  },
  rules: [
    { id: 'docs', frequency: 'on_release', selects: () => true },
    { id: 'fast', frequency: 'on_change', selects: (path) => path.startsWith('docs/') },
    { id: 'hand', frequency: 'manual', selects: () => true },
  ],
};

const oid = '1'.repeat(40);

function deliver(event: ForgeEvent, url: string, name = ''): Delivery {
  return { forge: 'github', event, repository: { name, urls: [url] } };
}

const source = 'https://github.com/acme/standards';
const push = (branch: string, paths?: string[]): ForgeEvent => ({
  kind: 'push',
  branch,
  commit: oid,
  ...(paths ? { paths } : {}),
});

describe('matchDelivery', () => {
  test.each<[string, Delivery, object]>([
    [
      'a release runs the on_release rules, at the newest release',
      deliver({ kind: 'tag', tag: 'v1', commit: oid }, source),
      { kind: 'run', run: 'sync', selection: { rules: ['docs'] } },
    ],
    [
      'a tag of another name runs nothing',
      deliver({ kind: 'tag', tag: 'nightly', commit: oid }, source),
      { kind: 'nothing' },
    ],
    [
      'a push runs the on_change rules whose files it touched',
      deliver(push('main', ['docs/a.md']), source),
      { kind: 'run', selection: { rules: ['fast'] } },
    ],
    [
      'a push of other files runs nothing',
      deliver(push('main', ['src/a.ts']), source),
      { kind: 'nothing' },
    ],
    [
      'a push whose files are not known runs all on_change rules',
      deliver(push('main'), source),
      { kind: 'run', selection: { rules: ['fast'] } },
    ],
    [
      'a push to another branch of the source is told its impact',
      deliver(push('topic'), source),
      { kind: 'run', run: 'impact', selection: { ref: 'topic' } },
    ],
    [
      'so is a request of the source',
      deliver({ kind: 'request', action: 'opened', number: 3, head: 'fix', commit: oid }, source),
      { kind: 'run', run: 'impact', selection: { ref: 'fix' } },
    ],
    [
      'a push to another branch of a target is told its drift',
      deliver(push('topic'), 'https://github.com/org/app'),
      { kind: 'run', run: 'drift', selection: { targets: ['org/app'], ref: 'topic' } },
    ],
    [
      'a push to a target looks at it',
      deliver(push('main'), 'https://github.com/org/app'),
      { kind: 'run', run: 'check', selection: { targets: ['org/app'] } },
    ],
    [
      'a request of ours looks at its target',
      deliver(
        {
          kind: 'request',
          action: 'closed',
          number: 3,
          head: 'holdfast-sync/v1/docs',
          commit: oid,
        },
        'https://github.com/org/app',
      ),
      { kind: 'run', run: 'check' },
    ],
    [
      'a request of others that ends runs nothing',
      deliver(
        { kind: 'request', action: 'closed', number: 3, head: 'fix', commit: oid },
        'https://github.com/org/app',
      ),
      { kind: 'nothing' },
    ],
    [
      'a repository of the same name on another host is another',
      deliver(
        { kind: 'tag', tag: 'v1', commit: oid },
        'https://evil.example/acme/standards',
        'acme/standards',
      ),
      { kind: 'nothing' },
    ],
    [
      'a target in a folder is known by its name',
      deliver(push('main'), 'https://forge.example/org/local', 'org/local'),
      { kind: 'run', selection: { targets: ['org/local'] } },
    ],
  ])('%s', (_, delivery, expected) => {
    expect(matchDelivery(delivery, watched)).toMatchObject(expected);
  });
});
