import { expect, test } from 'vitest';
import { loginOf } from './host-tokens.js';

const environment = {
  HOLDFAST_GIT_TOKEN: 'general',
  HOLDFAST_GIT_TOKEN_GIT_EXAMPLE_COM: 'particular',
  HOLDFAST_GIT_TOKEN_127_0_0_1_8080: 'port',
};

test.each<[string, readonly string[], string | undefined]>([
  ['git.example.com', ['git.example.com'], 'particular'],
  ['git.example.com', ['git.example.com', 'github.com'], 'particular'],
  ['github.com', ['github.com'], 'general'],
  ['github.com', ['github.com', 'git.example.com'], undefined],
  ['git-example.com', ['git-example.com', 'git.example.com'], undefined],
  ['git.example.com', ['git-example.com', 'git.example.com'], undefined],
  ['127.0.0.1:8080', ['127.0.0.1:8080'], 'port'],
  ['127.0.0.1:9090', ['127.0.0.1:9090', 'github.com'], undefined],
])('the login of %s beside %j is %s', (host, hosts, expected) => {
  const login = loginOf(environment, host, hosts);
  expect(login?.kind === 'token' ? login.token : login).toBe(expected);
});

test('a GitHub App is a login too; a token of the host goes before it', () => {
  const app = {
    HOLDFAST_GITHUB_APP_ID: '7',
    HOLDFAST_GITHUB_APP_KEY: 'line one\\nline two',
    HOLDFAST_GITHUB_APP_INSTALLATION: '42',
  };
  expect(loginOf(app, 'github.com', ['github.com'])).toEqual({
    kind: 'app',
    appId: '7',
    privateKey: 'line one\nline two',
    installationId: 42,
    variable: 'HOLDFAST_GITHUB_APP_ID',
  });
  const both = { ...app, HOLDFAST_GIT_TOKEN_GITHUB_COM: 'token' };
  expect(loginOf(both, 'github.com', ['github.com'])).toMatchObject({ kind: 'token' });
});
