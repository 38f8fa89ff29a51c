import { parseArgs } from 'node:util';
import type { OidcSettings } from './service/oidc.js';
import type { ProxySignIn } from './service/authenticate.js';
import type { DatabaseLocation } from './store/database.js';
import type { WebhookSecrets } from './triggers/read-delivery.js';
import { WorkerError } from './worker-error.js';

/** What `holdfast-worker` was asked to do. */
export type Invocation =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'serve'; readonly options: WorkerOptions; readonly newToken: boolean }
  | {
      readonly kind: 'run';
      readonly options: WorkerOptions;
      readonly rules: readonly string[];
      readonly targets: readonly string[];
    };

/** How a worker is set up: by its arguments and its environment. */
export interface WorkerOptions {
  /** Where PGlite, mirrors and journals are kept. */
  readonly data: string;
  readonly database: DatabaseLocation;
  readonly host: string;
  readonly port: number;
  /** The configuration; default: the nearest `holdfast.yaml`, upward. */
  readonly config?: string;
  /** The worker's name, as outcomes and logs bear it. */
  readonly name: string;
  readonly logLevel: string;
  readonly actToken?: string;
  readonly lookToken?: string;
  readonly secrets: WebhookSecrets;
  readonly actors: readonly string[];
  readonly proxy?: ProxySignIn;
  readonly oidc?: OidcSettings;
}

/** The text of `--help`. */
export const HELP = `Usage: holdfast-worker [--data DIR] [--port N] [--host ADDR] [--config FILE]
       holdfast-worker run [RULE…] [--target NAME]…   queue a run of these rules, and wait for it

Delivers on schedules and webhooks, and shows the fleet on a page.

  --data DIR      database, mirrors and journals (default ./.holdfast-worker)
  --port N        where to listen (default 4700; 0 for a free one)
  --host ADDR     on which address (default 127.0.0.1)
  --config FILE   the configuration (default: the nearest holdfast.yaml, upward)
  --name NAME     what outcomes and logs call this worker (default host and process)
  --new-token     make a new token for the page and the API, and print it
  --help, --version

Environment:
  DATABASE_URL                        PostgreSQL; default: embedded in the data folder
  HOLDFAST_WORKER_TOKEN               token that may act; made and printed once when absent
  HOLDFAST_WORKER_LOOK_TOKEN          token that may only look
  HOLDFAST_WEBHOOK_SECRET_GITHUB, _GITLAB, _FORGEJO   secrets of webhooks
  HOLDFAST_WORKER_ACTORS              names that may act, by comma, * for all who sign in
  HOLDFAST_WORKER_PROXY_HEADER        sign-in by a proxy's header …
  HOLDFAST_WORKER_PROXY_FROM          … from these addresses or networks, by comma
  HOLDFAST_WORKER_OIDC_ISSUER, _OIDC_CLIENT_ID, _OIDC_CLIENT_SECRET, _URL   sign-in by OIDC
  HOLDFAST_GIT_TOKEN_<HOST>           tokens for git and the forges, by host
  OTEL_EXPORTER_OTLP_ENDPOINT         where traces go; none when absent
  HOLDFAST_LOG_LEVEL                  debug, info (default), warn, error
`;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads arguments and environment.
 *
 * @throws WorkerError `bad-argument` or `bad-configuration`
 */
export function readOptions(
  argv: readonly string[],
  environment: Environment,
  { defaultName }: { readonly defaultName: string },
): Invocation {
  const { values, positionals } = parse(argv);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const [command, ...rules] = positionals;
  if (command !== undefined && command !== 'run')
    throw wrong(`there is no command ${JSON.stringify(command)}`);
  const data = values.data ?? environment['HOLDFAST_WORKER_DATA'] ?? '.holdfast-worker';
  const url = environment['DATABASE_URL'];
  const { config, name = defaultName } = values;
  const options: WorkerOptions = {
    data,
    database: url ? { url: checkedUrl(url) } : { folder: data },
    host: values.host ?? '127.0.0.1',
    port: portOf(values.port ?? environment['PORT'] ?? '4700'),
    ...(config === undefined ? {} : { config }),
    name,
    logLevel: logLevelOf(environment['HOLDFAST_LOG_LEVEL'] ?? 'info'),
    secrets: secretsOf(environment),
    actors: listOf(environment['HOLDFAST_WORKER_ACTORS']),
    ...optional('actToken', environment['HOLDFAST_WORKER_TOKEN']),
    ...optional('lookToken', environment['HOLDFAST_WORKER_LOOK_TOKEN']),
    ...proxyOf(environment),
    ...oidcOf(environment),
  };
  if (command === 'run') return { kind: 'run', options, rules, targets: values.target ?? [] };
  return { kind: 'serve', options, newToken: values['new-token'] ?? false };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        config: { type: 'string' },
        name: { type: 'string' },
        target: { type: 'string', multiple: true },
        'new-token': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function wrong(message: string): WorkerError {
  return new WorkerError('bad-argument', message, {
    hint: 'holdfast-worker --help lists the arguments',
  });
}

function portOf(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw wrong(`--port must be a number up to 65535, got ${JSON.stringify(text)}`);
  return Number(text);
}

function logLevelOf(text: string): string {
  if (!['debug', 'info', 'warn', 'error', 'silent'].includes(text))
    throw wrong(
      `HOLDFAST_LOG_LEVEL must be debug, info, warn, error or silent, got ${JSON.stringify(text)}`,
    );
  return text;
}

function checkedUrl(url: string): string {
  if (!/^postgres(?:ql)?:\/\//.test(url) || !URL.canParse(url))
    throw new WorkerError('bad-configuration', 'DATABASE_URL is no postgres:// URL', {
      hint: 'set it like postgres://USER:PASSWORD@HOST:5432/DATABASE, or unset it for the embedded database',
    });
  return url;
}

function secretsOf(environment: Environment): WebhookSecrets {
  return {
    ...optional('github', environment['HOLDFAST_WEBHOOK_SECRET_GITHUB']),
    ...optional('gitlab', environment['HOLDFAST_WEBHOOK_SECRET_GITLAB']),
    ...optional('forgejo', environment['HOLDFAST_WEBHOOK_SECRET_FORGEJO']),
  };
}

function proxyOf(environment: Environment): { readonly proxy?: ProxySignIn } {
  const header = environment['HOLDFAST_WORKER_PROXY_HEADER'];
  if (!header) return {};
  const from = listOf(environment['HOLDFAST_WORKER_PROXY_FROM']);
  if (from.length === 0)
    throw new WorkerError(
      'bad-configuration',
      'HOLDFAST_WORKER_PROXY_HEADER is set, but not from where the proxy comes',
      { hint: 'set HOLDFAST_WORKER_PROXY_FROM to its addresses, like 127.0.0.1,10.1.0.0/16' },
    );
  return { proxy: { header: header.toLowerCase(), from } };
}

function oidcOf(environment: Environment): { readonly oidc?: OidcSettings } {
  const issuer = environment['HOLDFAST_WORKER_OIDC_ISSUER'];
  if (!issuer) return {};
  const clientId = environment['HOLDFAST_WORKER_OIDC_CLIENT_ID'];
  const clientSecret = environment['HOLDFAST_WORKER_OIDC_CLIENT_SECRET'];
  const baseUrl = environment['HOLDFAST_WORKER_URL'];
  if (!clientId || !clientSecret || !baseUrl || !URL.canParse(issuer) || !URL.canParse(baseUrl))
    throw new WorkerError('bad-configuration', 'the settings of OIDC are not complete', {
      hint: 'set HOLDFAST_WORKER_OIDC_ISSUER, _OIDC_CLIENT_ID, _OIDC_CLIENT_SECRET, and HOLDFAST_WORKER_URL to the address that people open',
    });
  return { oidc: { issuer, clientId, clientSecret, baseUrl } };
}

function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [K in Name]?: string } {
  return (value ? { [name]: value } : {}) as { readonly [K in Name]?: string };
}
