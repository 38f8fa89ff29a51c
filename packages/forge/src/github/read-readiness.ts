import type { RequestCheck, RequestReadiness } from '../port/change-request.js';
import type { RemoteRequest } from '../remote/remote-api.js';
import { verdictOf } from '../remote/verdict.js';
import { repositoryPath, type GithubContext } from './github-context.js';
import { readPull } from './read-requests.js';
import { CheckRuns, CombinedStatus } from './schema.js';

const states: Record<string, RequestReadiness['merge']> = {
  clean: 'ready',
  unstable: 'ready',
  has_hooks: 'ready',
  dirty: 'conflicted',
  blocked: 'blocked',
  behind: 'behind',
  draft: 'draft',
};

const reasons: Record<string, string> = {
  blocked: 'a required review or check is missing, or the branch is protected otherwise',
  behind: 'the branch must be brought up to date first',
  dirty: 'it conflicts with its base branch',
};

/** Whether a pull request can be merged, and its checks: check runs and commit statuses. */
export async function readReadiness(
  context: GithubContext,
  { id, headCommit }: RemoteRequest,
): Promise<Omit<RequestReadiness, 'headCommit'>> {
  const commit = repositoryPath(context, `/commits/${headCommit}`);
  const { client } = context;
  const [pull, runs, status] = await Promise.all([
    readPull(context, id),
    client.read(
      { method: 'GET', path: `${commit}/check-runs`, query: { per_page: 100 } },
      CheckRuns,
    ),
    client.read(
      { method: 'GET', path: `${commit}/status`, query: { per_page: 100 } },
      CombinedStatus,
    ),
  ]);
  const state = pull?.mergeable_state ?? 'unknown';
  const checks = [
    ...runs.check_runs.map(({ name, status: at, conclusion, html_url: url }) =>
      toCheck(name, at === 'completed' ? (conclusion ?? '') : 'pending', url),
    ),
    ...status.statuses.map(({ context: name, state: at, target_url: url }) =>
      toCheck(name, at, url),
    ),
  ];
  const merge = pull?.mergeable === false ? 'conflicted' : (states[state] ?? 'unknown');
  const reason = reasons[state];
  return {
    merge,
    reasons: reason === undefined ? [] : [reason],
    verdict: verdictOf(checks),
    checks,
  };
}

function toCheck(name: string, state: string, url: string | null | undefined): RequestCheck {
  const status =
    state === 'success'
      ? 'passed'
      : state === 'neutral' || state === 'skipped'
        ? 'neutral'
        : state === 'pending' || state === 'queued' || state === 'in_progress'
          ? 'pending'
          : 'failed';
  return { name, status, ...(url ? { url } : {}) };
}
