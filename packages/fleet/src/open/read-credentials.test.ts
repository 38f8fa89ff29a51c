import { expect, test } from 'vitest';
import { readCredentials } from './read-credentials.js';

const environment = {
  HOLDFAST_GIT_TOKEN: 'general',
  HOLDFAST_GIT_TOKEN_GIT_EXAMPLE_COM: 'particular',
};

test.each([
  ['https://github.com/org/repo.git', 'general'],
  ['https://git.example.com/org/repo.git', 'particular'],
  ['https://git-example.com/org/repo.git', 'particular'],
  ['http://127.0.0.1:8080/repo.git', 'general'],
  ['http://[::1]:8080/repo.git', 'general'],
  ['http://localhost/repo.git', 'general'],
  ['http://git.example.com/repo.git', undefined],
  ['http://127.0.0.1.example.com/repo.git', undefined],
])('for %s gives %s', async (url, expected) => {
  expect((await readCredentials(environment)?.(url))?.password).toBe(expected);
});

test('without a token in the environment, git’s own helpers are left to answer', () => {
  expect(readCredentials({ HOME: '/home/ada' })).toBeUndefined();
});
