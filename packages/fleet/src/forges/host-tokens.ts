import type { FleetSurroundings } from '../surroundings.js';

type Environment = FleetSurroundings['environment'];

/** A login that the environment gives a host. */
export type HostLogin =
  | { readonly kind: 'token'; readonly token: string; readonly variable: string }
  | {
      readonly kind: 'app';
      readonly appId: string;
      readonly privateKey: string;
      readonly installationId?: number;
      readonly variable: string;
    };

/** The end of a host's variables: `git.example.com` → `GIT_EXAMPLE_COM`. */
export function variableEnding(host: string): string {
  return host.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/**
 * What the environment gives for a host: `HOLDFAST_GIT_TOKEN_<HOST>`, or a GitHub App by
 * `HOLDFAST_GITHUB_APP_ID_<HOST>` and `HOLDFAST_GITHUB_APP_KEY_<HOST>`. What names no host
 * (`HOLDFAST_GIT_TOKEN`, `HOLDFAST_GITHUB_APP_ID` and `…_KEY`) is for the one host that the
 * configuration names, and for none where it names several. Two hosts whose variables have one name
 * get neither.
 */
export function loginOf(
  environment: Environment,
  host: string,
  hosts: readonly string[],
): HostLogin | undefined {
  const name = host.replace(/:\d+$/, '');
  const ending = variableEnding(name);
  const named = new Set([name, ...hosts.map((other) => other.replace(/:\d+$/, ''))]);
  const alike = [...named].filter((other) => variableEnding(other) === ending);
  const endings = [
    ...(host === name ? [] : [`_${variableEnding(host)}`]),
    ...(alike.length === 1 ? [`_${ending}`] : []),
    ...(named.size === 1 ? [''] : []),
  ];
  for (const each of endings) {
    const login = readLogin(environment, each);
    if (login !== undefined) return login;
  }
  return undefined;
}

/** The tokens and keys of the environment, which may stand in no message. */
export function readSecrets(environment: Environment): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    /^HOLDFAST_(?:GIT_TOKEN|GITHUB_APP_KEY)(?:_|$)/.test(name) && value ? [value] : [],
  );
}

function readLogin(environment: Environment, ending: string): HostLogin | undefined {
  const variable = `HOLDFAST_GIT_TOKEN${ending}`;
  const token = environment[variable];
  if (token) return { kind: 'token', token, variable };
  const appId = environment[`HOLDFAST_GITHUB_APP_ID${ending}`];
  const privateKey = environment[`HOLDFAST_GITHUB_APP_KEY${ending}`];
  if (!appId || !privateKey) return undefined;
  const installation = Number(environment[`HOLDFAST_GITHUB_APP_INSTALLATION${ending}`]);
  return {
    kind: 'app',
    appId,
    // A key in one line, as secret stores keep it, has `\n` for its line breaks.
    privateKey: privateKey.replaceAll('\\n', '\n'),
    ...(Number.isSafeInteger(installation) && installation > 0
      ? { installationId: installation }
      : {}),
    variable: `HOLDFAST_GITHUB_APP_ID${ending}`,
  };
}
