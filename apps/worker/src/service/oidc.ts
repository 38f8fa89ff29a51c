import type * as client from 'openid-client';

/** An OpenID Connect provider. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where people reach this worker: the base of the address that the provider sends them back to. */
  readonly baseUrl: string;
}

/** Signing in through a provider, in two steps. */
export interface OidcProvider {
  /** Whether people reach this worker over https. */
  readonly secure: boolean;
  /** Where to send the person, and what their browser keeps until they return. */
  begin(): Promise<{ readonly url: string; readonly state: string }>;
  /** Who came back; undefined when the provider or the browser says otherwise. */
  finish(path: string, state: string): Promise<string | undefined>;
}

/** Connects to a provider when first asked; authorization code flow with PKCE, state and nonce. */
export function connectOidc({
  issuer,
  clientId,
  clientSecret,
  baseUrl,
}: OidcSettings): OidcProvider {
  let discovered: Promise<client.Configuration> | undefined;
  const redirect = new URL('/sign-in/oidc/callback', baseUrl).href;
  const insecure = new URL(issuer).protocol === 'http:';

  async function discover(): Promise<client.Configuration> {
    const { allowInsecureRequests, discovery } = await import('openid-client');
    return discovery(new URL(issuer), clientId, clientSecret, undefined, {
      execute: insecure ? [allowInsecureRequests] : [],
      timeout: 10,
    });
  }

  function configuration(): Promise<client.Configuration> {
    discovered ??= discover().catch((error: unknown) => {
      discovered = undefined;
      throw error;
    });
    return discovered;
  }

  return {
    secure: redirect.startsWith('https:'),
    async begin() {
      const client = await import('openid-client');
      const verifier = client.randomPKCECodeVerifier();
      const state = client.randomState();
      const nonce = client.randomNonce();
      const url = client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirect,
        scope: 'openid email profile',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      return { url: url.href, state: [state, nonce, verifier].join('.') };
    },
    async finish(path, kept) {
      const client = await import('openid-client');
      const [state = '', nonce = '', verifier = ''] = kept.split('.');
      try {
        const tokens = await client.authorizationCodeGrant(
          await configuration(),
          new URL(path, baseUrl),
          {
            expectedState: state,
            expectedNonce: nonce,
            pkceCodeVerifier: verifier,
            idTokenExpected: true,
          },
        );
        const claims = tokens.claims();
        const email = claims?.['email_verified'] === false ? undefined : claims?.['email'];
        return typeof email === 'string' ? email : claims?.sub;
      } catch (error) {
        if (
          error instanceof client.ResponseBodyError ||
          error instanceof client.AuthorizationResponseError ||
          error instanceof client.ClientError
        )
          return undefined;
        throw error;
      }
    },
  };
}
