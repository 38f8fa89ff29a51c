import { FIXED_SETTINGS, harmlessArguments } from './runnable-settings.js';

/** The surroundings of the caller: like `process.env`, but handed in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What a git process is for. `local`: to read or write a repository of this machine, whose settings
 * run nothing and reach nobody. `hooks`: the same, with the hooks and filters that it has. `network`:
 * to talk to a remote from a mirror of our own, as the user's and the system's configuration say.
 */
export type Purpose = 'local' | 'hooks' | 'network';

/** Variables of git that say how to reach a remote, and which configuration is the user's. */
const KEPT = new Set([
  'GIT_ASKPASS',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_SYSTEM',
  'GIT_EXEC_PATH',
  'GIT_PROXY_COMMAND',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'GIT_SSL_CERT',
  'GIT_SSL_KEY',
]);

/** Protocols that a fetch or push may use; the user's `insteadOf` may lead from one to another. */
const SPOKEN = 'http:https:ssh:git';

/** Arguments that precede every git command. */
export function globalArguments(purpose: Purpose): string[] {
  return [
    '--no-pager',
    '--literal-pathspecs',
    '--no-replace-objects',
    ...FIXED_SETTINGS.flatMap((setting) => ['-c', setting]),
    ...(purpose === 'hooks' ? [] : harmlessArguments(purpose)),
  ];
}

/**
 * The environment of a git process: the caller's, without variables that would point git at another
 * repository, index or trace file, and with fixed language and no prompts. No terminal is there to ask
 * at, for ssh neither.
 */
export function buildEnvironment(
  environment: Environment,
  purpose: Purpose,
  extra: Environment = {},
): Environment {
  const inherited = Object.entries(environment).filter(
    ([name]) => !/^(?:GIT_|HOLDFAST_)/.test(name) || KEPT.has(name),
  );
  return {
    SSH_ASKPASS_REQUIRE: 'never',
    ...Object.fromEntries(inherited),
    ...(purpose === 'network'
      ? { GIT_ALLOW_PROTOCOL: SPOKEN }
      : { GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1' }),
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_ADVICE: '0',
    GIT_COMMITTER_NAME: 'holdfast',
    GIT_COMMITTER_EMAIL: 'holdfast@localhost',
    LC_ALL: 'C',
    ...extra,
  };
}
