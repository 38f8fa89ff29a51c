import { createAppAuth } from '@octokit/auth-app';
import { request as octokitRequest } from '@octokit/request';
import { z } from 'zod';

import type { Authorization } from '../client/forge-client.js';
import { ForgeError } from '../port/forge-error.js';

/** A GitHub App, and how it reaches its server. */
export interface AppOptions {
  /** The App's id or client id. */
  readonly appId: string;
  /** The App's private key, in PEM. */
  readonly privateKey: string;
  /** The installation; found by the repository where it is not given. */
  readonly installationId?: number;
  readonly apiUrl: string;
  readonly fetch?: typeof fetch;
}

/** A GitHub App's authorization: tokens of its installations, renewed before they expire. */
export interface AppAuthorization {
  /** The installation token for a repository (`owner/name`, or `owner/` alone), for git as well. */
  token(repository: string): Promise<string>;
  /** The authorization of calls about a repository. */
  forRepository(repository: string): Authorization;
}

const Installation = z.object({ id: z.number() });

/**
 * Authorizes as a GitHub App: a short-lived JWT asks for an installation's token, which serves for an
 * hour and is asked for anew in time.
 *
 * @throws ForgeError `authentication` when the key, the App or its installation is no good
 */
export function createAppAuthorization(options: AppOptions): AppAuthorization {
  const { appId, privateKey, apiUrl } = options;
  const ask = octokitRequest.defaults({
    baseUrl: apiUrl,
    request: { redirect: 'error', ...(options.fetch ? { fetch: options.fetch } : {}) },
  });
  const auth = createAppAuth({ appId, privateKey, request: ask });
  const installations = new Map<string, Promise<number>>();

  function installationOf(repository: string): Promise<number> {
    if (options.installationId !== undefined) return Promise.resolve(options.installationId);
    const owner = repository.split('/')[0]!;
    const known = installations.get(owner) ?? findInstallation(repository);
    installations.set(owner, known);
    return known;
  }

  async function findInstallation(repository: string): Promise<number> {
    const { token } = await auth({ type: 'app' });
    const [owner = '', repo = ''] = repository.split('/');
    const headers = { authorization: `Bearer ${token}` };
    const { data } =
      repo === ''
        ? await ask('GET /orgs/{org}/installation', { org: owner, headers })
        : await ask('GET /repos/{owner}/{repo}/installation', { owner, repo, headers });
    return Installation.parse(data).id;
  }

  async function token(repository: string, refresh = false): Promise<string> {
    try {
      const installationId = await installationOf(repository);
      const found = await auth({ type: 'installation', installationId, refresh });
      return found.token;
    } catch (error) {
      installations.clear();
      throw noInstallation(repository, apiUrl, error);
    }
  }

  return {
    token,
    forRepository: (repository) => ({
      headers: async () => ({ authorization: `Bearer ${await token(repository)}` }),
      async renew() {
        await token(repository, true);
        return true;
      },
    }),
  };
}

function noInstallation(repository: string, apiUrl: string, cause: unknown): ForgeError {
  const { status, message } = cause as { status?: number; message?: string };
  const { host } = new URL(apiUrl);
  if (status === undefined && !/key|jwt|pkcs|asn1|decoder/i.test(message ?? '')) {
    return new ForgeError('unreachable', `${host}: no token for the GitHub App`, { cause });
  }
  const why = status === 404 ? `it is not installed for ${repository}` : 'its id or key is no good';
  return new ForgeError('authentication', `${host}: the GitHub App cannot log in: ${why}`, {
    hint: 'Check HOLDFAST_GITHUB_APP_ID and HOLDFAST_GITHUB_APP_KEY, and where the App is installed.',
    data: { host, repository },
    cause,
  });
}
