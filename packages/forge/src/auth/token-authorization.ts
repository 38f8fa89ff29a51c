import type { Authorization } from '../client/forge-client.js';
import type { ServerForgeKind } from '../port/forge.js';

/** What a token is, as far as its beginning tells. */
export type TokenKind =
  | 'github-token'
  | 'github-fine-grained'
  | 'github-installation'
  | 'github-oauth'
  | 'gitlab-token'
  | 'gitlab-job'
  | 'gitlab-deploy'
  | 'unknown';

const beginnings: readonly (readonly [string, TokenKind])[] = [
  ['github_pat_', 'github-fine-grained'],
  ['ghp_', 'github-token'],
  ['ghs_', 'github-installation'],
  ['gho_', 'github-oauth'],
  ['ghu_', 'github-oauth'],
  ['glpat-', 'gitlab-token'],
  ['glcbt-', 'gitlab-job'],
  ['gldt-', 'gitlab-deploy'],
];

/** The kind of a token by its beginning, which the forges publish for that purpose. */
export function tokenKind(token: string): TokenKind {
  return beginnings.find(([beginning]) => token.startsWith(beginning))?.[1] ?? 'unknown';
}

/** How a token is sent to a forge's API. Personal, group and project tokens go alike. */
export function tokenAuthorization(kind: ServerForgeKind, token: string): Authorization {
  const headers = headersOf(kind, token);
  return { headers: async () => headers };
}

function headersOf(kind: ServerForgeKind, token: string): Readonly<Record<string, string>> {
  if (kind === 'forgejo') return { authorization: `token ${token}` };
  if (kind === 'gitlab' && tokenKind(token) === 'gitlab-job') return { 'job-token': token };
  return { authorization: `Bearer ${token}` };
}

/** The name that git sends beside a token: some forges take one alone, most take any. */
export function gitUserName(token: string): string {
  return tokenKind(token) === 'gitlab-job' ? 'gitlab-ci-token' : 'x-access-token';
}
