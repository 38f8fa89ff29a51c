/** The surroundings of the caller: like `process.env`, but handed in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of git that say how to reach a remote; all others of its own are dropped. */
const KEPT = new Set([
  'GIT_ASKPASS',
  'GIT_CONFIG_GLOBAL',
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

/** Settings that no configuration of the machine may change; git takes them as `-c` arguments. */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=true',
  'protocol.ext.allow=never',
  'gc.autoDetach=false',
  'maintenance.autoDetach=false',
  'log.showSignature=false',
];

/** Arguments that precede every git command. */
export const GLOBAL_ARGUMENTS: readonly string[] = [
  '--no-pager',
  '--literal-pathspecs',
  '--no-replace-objects',
  ...SETTINGS.flatMap((setting) => ['-c', setting]),
];

/**
 * The environment of a git process: the caller's, without variables that would point git at another
 * repository, configuration or trace file, and with fixed language and no prompts.
 */
export function buildEnvironment(environment: Environment, extra: Environment = {}): Environment {
  const inherited = Object.entries(environment).filter(
    ([name]) => !/^(?:GIT_|HOLDFAST_)/.test(name) || KEPT.has(name),
  );
  const sshCommand = environment['GIT_SSH_COMMAND'] ?? environment['GIT_SSH'];
  return {
    ...Object.fromEntries(inherited),
    ...(sshCommand === undefined ? { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' } : {}),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_ADVICE: '0',
    GIT_COMMITTER_NAME: 'holdfast',
    GIT_COMMITTER_EMAIL: 'holdfast@localhost',
    LC_ALL: 'C',
    ...extra,
  };
}
