import { join } from 'node:path';
import type { RemoteOptions } from '../backend.js';
import { askCredentials, type Credentials } from '../credentials.js';
import { GitError } from '../git-error.js';
import { sha256Repository } from '../location-errors.js';
import { writeHead } from '../files/ref-transaction.js';
import { judgeRejections, type PushOutcome, type Rejection } from '../push-report.js';
import { beyondLimit } from '../limits.js';
import { MIRRORED, type Remote } from '../remote.js';
import { isRefName } from '../ref-name.js';
import type { Environment } from './git-environment.js';
import { requireSuccess } from './git-failure.js';
import { describeRemoteFailure } from './remote-failure.js';
import { runGit, type GitResult } from './run-git.js';

/** A listing of refs has at most so many bytes for each; a name has up to 1,024. */
const BYTES_PER_REF = 1_100;

/** Bytes a second below which a remote counts as silent. */
const SLOWEST = 10;

type ProgramRemoteOptions = RemoteOptions & { readonly environment: Environment };

/** Checks of fetched objects that real histories fail without harm. */
const LENIENT_CHECKS = ['zeroPaddedFilemode', 'badTimezone', 'missingSpaceBeforeDate'];

/** Fetches and pushes with the installed git program. */
export function createProgramRemote(options: ProgramRemoteOptions): Remote {
  const { url, limits, timeouts } = options;
  const slowness = [
    ...['-c', `http.lowSpeedLimit=${SLOWEST}`],
    ...['-c', `http.lowSpeedTime=${Math.max(1, Math.ceil(timeouts.idleMs / 1000))}`],
  ];

  async function run(args: readonly string[], extra: Environment = {}): Promise<GitResult> {
    const credentials = await askCredentials(options.credentials, url);
    const login = credentials === undefined ? {} : credentialVariables(url, credentials);
    const spoken = url.startsWith('file:') ? { GIT_ALLOW_PROTOCOL: 'file' } : {};
    return runGit([...slowness, ...args], {
      ...options,
      purpose: 'network',
      variables: { ...login, ...spoken, ...extra },
      maxOutput: Math.min(limits.answerBytes, limits.refs * BYTES_PER_REF),
      usage: { ...limits, folder: join(options.directory, 'objects', 'pack') },
    });
  }

  async function listRemote(): Promise<string[]> {
    const result = await run(['ls-remote', '--symref', '--end-of-options', url]);
    if (result.exitCode !== 0) throw describeRemoteFailure(result, url);
    const lines = result.stdout.toString().split('\n').filter(Boolean);
    if (lines.length === 0 && /^https?:/.test(url)) await checkEmptyRemote();
    if (lines.some((line) => /^[0-9a-f]{64}\t/.test(line))) throw sha256Repository(url);
    if (lines.length > limits.refs) {
      throw beyondLimit('refs', `${url} has ${lines.length} refs`, limits.refs);
    }
    return lines;
  }

  /**
   * Git takes any page for the listing of a static server. Before an empty one has all refs pruned,
   * its trace must show that git was spoken.
   */
  async function checkEmptyRemote(): Promise<void> {
    const traced = await run(['ls-remote', '--end-of-options', url], { GIT_TRACE_PACKET: '1' });
    if (/^.*packet:.*</m.test(traced.stderr)) return;
    throw new GitError('not-a-repository', `${url} does not speak git's smart HTTP`, {
      data: { url },
      hint: 'check the URL',
    });
  }

  /** Asks for the objects' types too, so that a mirror without its objects is found damaged. */
  async function isCurrent(remoteLines: readonly string[]): Promise<boolean> {
    const format = '--format=%(objectname)%09%(refname)%09%(objecttype)';
    const result = await runGit(['for-each-ref', format, ...MIRRORED], options);
    const listing = requireSuccess(result, 'listing the mirror').stdout.toString();
    const here = listing.split('\n').map((line) => line.slice(0, line.lastIndexOf('\t')));
    const isMirrored = (line: string): boolean =>
      MIRRORED.some((prefix) => line.startsWith(`\t${prefix}`, 40)) && !line.endsWith('^{}');
    const there = remoteLines.filter(isMirrored);
    return there.sort().join('\n') === here.filter(Boolean).sort().join('\n');
  }

  /** Pruning within the one transaction fails where a new name needs a pruned one's place. */
  async function fetchRefs(): Promise<void> {
    const atomic = await fetchOnce(['--atomic']);
    const result = /cannot (?:create|lock ref)/.test(atomic.stderr) ? await fetchOnce([]) : atomic;
    if (result.exitCode !== 0) throw describeRemoteFailure(result, url);
  }

  function fetchOnce(mode: readonly string[]): Promise<GitResult> {
    const checks = LENIENT_CHECKS.flatMap((id) => ['-c', `fetch.fsck.${id}=warn`]);
    const flags = [
      '--quiet',
      '--progress',
      '--prune',
      '--no-tags',
      '--no-write-fetch-head',
      '--update-shallow',
    ];
    return run([
      ...['-c', 'fetch.fsckObjects=true', ...checks, 'fetch', ...mode, ...flags],
      ...['--no-recurse-submodules', '--end-of-options', url],
      ...MIRRORED.map((prefix) => `+${prefix}*:${prefix}*`),
    ]);
  }

  return {
    async tidy() {
      await runGit(['gc', '--auto', '--quiet'], options);
    },
    async fetch() {
      const lines = await listRemote();
      if (!(await isCurrent(lines))) await fetchRefs();
      const head = lines
        .map((line) => /^ref: (refs\/heads\/\S+)\tHEAD$/.exec(line)?.[1])
        .find(Boolean);
      if (head === undefined || !isRefName(head)) return;
      const { directory } = options;
      await writeHead(head, { common: directory, places: [directory] });
    },
    async push(updates) {
      const result = await run([
        ...['push', '--porcelain', '--progress', '--no-verify', '--no-follow-tags', '--no-signed'],
        ...['--recurse-submodules=no', ...(updates.length > 1 ? ['--atomic'] : [])],
        ...updates.map(({ ref, old }) => `--force-with-lease=${ref}:${old ?? ''}`),
        ...['--end-of-options', url],
        ...updates.map(({ ref, new: next }) => `${next ?? ''}:${ref}`),
      ]);
      return readPushResult(result, updates.length, url);
    },
  };
}

/**
 * Git asks this helper when the server wants to know who we are. The text stands in the
 * environment and names variables of it, so that the secret is in no argument and no file; and git
 * asks for this URL's host only, wherever a redirection leads.
 */
function credentialVariables(url: string, { username, password }: Credentials): Environment {
  const helper =
    '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$HOLDFAST_USERNAME" "$HOLDFAST_PASSWORD"; }; f';
  return {
    HOLDFAST_USERNAME: username,
    HOLDFAST_PASSWORD: password,
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'credential.helper',
    GIT_CONFIG_VALUE_0: '',
    GIT_CONFIG_KEY_1: `credential.${new URL(url).origin}.helper`,
    GIT_CONFIG_VALUE_1: helper,
  };
}

/** Each line of the report is `FLAG TAB FROM:TO TAB SUMMARY (REASON)`. */
function readPushResult(result: GitResult, count: number, url: string): PushOutcome {
  const rejected = result.stdout
    .toString()
    .split('\n')
    .flatMap((line): Rejection[] => {
      const [flag, refspec = '', summary = ''] = line.split('\t');
      const reason = /\((.*)\)$/.exec(summary)?.[1] ?? summary;
      return flag === '!' ? [{ ref: refspec.slice(refspec.indexOf(':') + 1), reason }] : [];
    });
  if (result.exitCode !== 0 && rejected.length === 0) throw describeRemoteFailure(result, url);
  return judgeRejections(rejected, readRemoteWords(result.stderr), count, url);
}

function readRemoteWords(stderr: string): string {
  const lines = stderr.split(/[\r\n]+/).filter((line) => line.startsWith('remote: '));
  return lines.map((line) => line.slice('remote: '.length)).join('\n');
}
