import { expect, test } from 'vitest';
import { permalink } from './permalink.js';

test.each([
  ['https://github.com/org/core.git', 'https://github.com/org/core/blob/abc/a/b%20c.md'],
  ['https://user:secret@github.com/org/core/', 'https://github.com/org/core/blob/abc/a/b%20c.md'],
  ['git@github.com:org/core.git', 'https://github.com/org/core/blob/abc/a/b%20c.md'],
  ['ssh://git@example.org:2222/org/core.git', 'https://example.org/org/core/blob/abc/a/b%20c.md'],
  ['http://localhost:3000/org/core', 'http://localhost:3000/org/core/blob/abc/a/b%20c.md'],
  [
    'https://gitlab.example.org/org/core',
    'https://gitlab.example.org/org/core/-/blob/abc/a/b%20c.md',
  ],
  ['file:///srv/core.git', undefined],
  ['../core.git', undefined],
  ['.', undefined],
  [undefined, undefined],
])('%s', (url, address) => {
  expect(permalink({ name: 'org/core', version: 'v1', commit: 'abc', url }, 'a/b c.md')).toBe(
    address,
  );
});
