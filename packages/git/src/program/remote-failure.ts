import { GitError, type GitErrorCode } from '../git-error.js';
import { describeFailure } from './git-failure.js';
import type { GitResult } from './run-git.js';

interface Symptom {
  readonly code: GitErrorCode;
  readonly words: RegExp;
  readonly message: string;
  readonly hint: string;
}

/** What git says about remotes, most telling first. */
const SYMPTOMS: readonly Symptom[] = [
  {
    code: 'authentication',
    words:
      /Authentication failed|could not read (?:Username|Password)|error: 40[13]|HTTP 40[13]|Permission denied|access denied|Host key verification failed/i,
    message: 'the remote refused the credentials, or wants some',
    hint: 'check the token or key and its permissions',
  },
  {
    code: 'corrupt',
    words: /fsck error|invalid index-pack output/,
    message: "the remote sent objects that fail git's checks",
    hint: 'run "git fsck" in the remote repository',
  },
  {
    code: 'sha256-repository',
    words: /mismatched algorithms/,
    message: 'the remote uses SHA-256 object ids; SHA-1 is supported',
    hint: 'convert the repository, or use one with SHA-1 object ids',
  },
  {
    code: 'not-a-repository',
    words: /not found|does not appear to be a git repository|error: 404/i,
    message: 'there is no repository, or none that these credentials may see',
    hint: 'check the URL and the permissions',
  },
  {
    code: 'unreachable',
    words:
      /resolve host|Failed to connect|Connection (?:refused|timed out|reset|closed)|Couldn't connect|unable to access|hung up|Network is unreachable|No route to host|Could not read from remote|unexpected disconnect|early EOF|RPC failed/i,
    message: 'the remote could not be reached, or broke off',
    hint: 'check the URL, the network and the proxy',
  },
];

/** The error for a fetch or push that failed as a whole. */
export function describeRemoteFailure(result: GitResult, url: string): GitError {
  const symptom = SYMPTOMS.find(({ words }) => words.test(result.stderr));
  const general = describeFailure(result, url);
  if (symptom === undefined || general.code === 'locked') return general;
  const said = result.stderr.split('\n').find((line) => /^(?:fatal|error|remote|ssh): /.test(line));
  return new GitError(
    symptom.code,
    `${url}: ${symptom.message}${said === undefined ? '' : ` (${said})`}`,
    { data: { url, stderr: result.stderr, fault: 'remote' }, hint: symptom.hint },
  );
}
