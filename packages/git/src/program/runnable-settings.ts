/** A setting of git that can run a program or reach another machine, and what keeps it from doing so. */
export interface RunnableSetting {
  /** Its name; `*` stands for a subsection that may be anything. */
  readonly key: string;
  /** What it runs, and when. */
  readonly runs: string;
  /** The value that runs nothing; settings of any name are looked up first and overridden one by one. */
  readonly harmless: string;
  /** Also a matter of the user's own configuration when a remote is talked to, so left alone then. */
  readonly network?: true;
}

/**
 * Every setting by which a repository could have a program run, while it is read or written on this
 * machine. A repository's own configuration is content like its files: whoever made it is not whoever
 * runs this. From the manual of `git config`; the test `attack/programs.test.ts` plants each.
 *
 * Beside them: `GIT_ALLOW_PROTOCOL` and `GIT_NO_LAZY_FETCH` keep a promisor remote from being asked,
 * `--git-dir` and `--work-tree` keep `core.worktree` from leading elsewhere.
 */
export const RUNNABLE_SETTINGS: readonly RunnableSetting[] = [
  { key: 'core.hooksPath', runs: 'hooks, when refs or the index change', harmless: '/dev/null' },
  { key: 'core.fsmonitor', runs: 'a watcher, when the index is read', harmless: 'false' },
  { key: 'core.alternateRefsCommand', runs: 'a lister of refs, at a fetch', harmless: 'true' },
  { key: 'core.pager', runs: 'a pager, for long output', harmless: 'cat' },
  { key: 'core.editor', runs: 'an editor, for messages', harmless: 'true' },
  { key: 'sequence.editor', runs: 'an editor, for a rebase', harmless: 'true' },
  { key: 'diff.external', runs: 'a program for each compared file', harmless: '' },
  { key: 'interactive.diffFilter', runs: 'a filter of shown differences', harmless: 'cat' },
  { key: 'gpg.program', runs: 'a verifier of signatures', harmless: 'false' },
  { key: 'gpg.openpgp.program', runs: 'a verifier of signatures', harmless: 'false' },
  { key: 'gpg.x509.program', runs: 'a verifier of signatures', harmless: 'false' },
  { key: 'gpg.ssh.program', runs: 'a verifier of signatures', harmless: 'false' },
  { key: 'gpg.ssh.defaultKeyCommand', runs: 'a finder of keys', harmless: 'false' },
  { key: 'log.showSignature', runs: 'the verifier, for each commit', harmless: 'false' },
  { key: 'submodule.recurse', runs: 'git in each submodule, with its settings', harmless: 'false' },
  { key: 'uploadpack.packObjectsHook', runs: 'a program in place of the packer', harmless: '' },
  { key: 'core.sshCommand', runs: 'a program in place of ssh', harmless: 'false', network: true },
  { key: 'core.gitProxy', runs: 'a program between git and a host', harmless: '', network: true },
  { key: 'core.askPass', runs: 'a program that asks for passwords', harmless: '', network: true },
  { key: 'credential.helper', runs: 'a program that knows logins', harmless: '', network: true },
  { key: 'credential.*.helper', runs: 'the same, for one host', harmless: '', network: true },
  { key: 'filter.*.clean', runs: 'a filter, when a work tree is compared', harmless: '' },
  { key: 'filter.*.smudge', runs: 'a filter, when a file is checked out', harmless: '' },
  { key: 'filter.*.process', runs: 'a filter that stays, for both', harmless: '' },
  { key: 'filter.*.required', runs: 'nothing, but fails without its filter', harmless: 'false' },
  { key: 'diff.*.command', runs: 'a program for each compared file', harmless: '' },
  { key: 'diff.*.textconv', runs: 'a converter for each compared file', harmless: '' },
  { key: 'merge.*.driver', runs: 'a program for each merged file', harmless: 'false' },
  { key: 'submodule.*.update', runs: 'a program for a submodule', harmless: 'none' },
  { key: 'remote.*.uploadpack', runs: 'a program in place of the sender', harmless: 'false' },
  { key: 'remote.*.receivepack', runs: 'a program in place of the receiver', harmless: 'false' },
  { key: 'remote.*.vcs', runs: 'a remote helper of that name', harmless: '' },
  { key: 'remote.*.promisor', runs: 'a fetch, where an object is missing', harmless: 'false' },
  { key: 'pager.*', runs: 'a pager, for one command', harmless: 'false' },
  { key: 'trailer.*.command', runs: 'a program for a trailer', harmless: 'true' },
  { key: 'trailer.*.cmd', runs: 'a program for a trailer', harmless: 'true' },
];

/** Settings that no repository may change for other reasons. */
export const FIXED_SETTINGS: readonly string[] = [
  'core.quotePath=true',
  'protocol.ext.allow=never',
  'gc.autoDetach=false',
  'maintenance.autoDetach=false',
];

/** The arguments that make the settings of fixed names harmless. */
export function harmlessArguments(purpose: 'local' | 'network'): string[] {
  const fixed = RUNNABLE_SETTINGS.filter(
    ({ key, network }) => !key.includes('*') && (purpose === 'local' || network !== true),
  );
  return fixed.flatMap(({ key, harmless }) => ['-c', `${key}=${harmless}`]);
}

/** What makes the settings of any name harmless that a configuration has, as variables of git. */
export function harmlessVariables(names: Iterable<string>): Record<string, string> {
  const pairs = [...new Set(names)].flatMap((name) => {
    const setting = RUNNABLE_SETTINGS.find(({ key }) => matches(key, name));
    return setting === undefined ? [] : [[name, setting.harmless] as const];
  });
  const variables = pairs.flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, name] as const,
    [`GIT_CONFIG_VALUE_${index}`, value] as const,
  ]);
  return { GIT_CONFIG_COUNT: `${pairs.length}`, ...Object.fromEntries(variables) };
}

/** Section and variable are told apart without case; what is between them is as it stands. */
function matches(key: string, name: string): boolean {
  const [section = '', last = ''] = key.split('.*');
  const lower = name.toLowerCase();
  if (!key.includes('*') || !lower.startsWith(`${section.toLowerCase()}.`)) return false;
  if (last === '') return name.length > section.length + 1;
  return lower.endsWith(last.toLowerCase()) && name.length > section.length + 1 + last.length;
}
