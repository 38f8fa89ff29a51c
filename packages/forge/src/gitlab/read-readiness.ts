import type { RequestCheck, RequestReadiness } from '../port/change-request.js';
import type { RemoteRequest } from '../remote/remote-api.js';
import { verdictOf } from '../remote/verdict.js';
import { projectPath, type GitlabContext } from './gitlab-context.js';
import { readMergeRequest } from './read-requests.js';
import { GitlabStatus } from './schema.js';

const states: Record<string, RequestReadiness['merge']> = {
  mergeable: 'ready',
  conflict: 'conflicted',
  draft_status: 'draft',
  need_rebase: 'behind',
  checking: 'unknown',
  unchecked: 'unknown',
  preparing: 'unknown',
  approvals_syncing: 'unknown',
};

/** Whether a merge request can be merged, and the statuses of its head commit. */
export async function readReadiness(
  context: GitlabContext,
  { id, headCommit }: RemoteRequest,
): Promise<Omit<RequestReadiness, 'headCommit'>> {
  const path = projectPath(context, `/repository/commits/${headCommit}/statuses`);
  const [request, statuses] = await Promise.all([
    readMergeRequest(context, id),
    context.client.readAll({ method: 'GET', path, query: { per_page: 100 } }, GitlabStatus),
  ]);
  const status = request?.detailed_merge_status ?? 'unchecked';
  const merge = request?.has_conflicts ? 'conflicted' : (states[status] ?? 'blocked');
  const checks = statuses.map(toCheck);
  const reasons = merge === 'blocked' ? [status.replaceAll('_', ' ')] : [];
  return { merge, reasons, verdict: verdictOf(checks), checks };
}

function toCheck({
  name,
  status,
  target_url: url,
  allow_failure: mayFail = false,
}: (typeof GitlabStatus)['_output']): RequestCheck {
  const passed = status === 'success';
  const neutral = status === 'skipped' || status === 'manual' || (status === 'failed' && mayFail);
  const failed = status === 'failed' || status === 'canceled';
  return {
    name,
    status: passed ? 'passed' : neutral ? 'neutral' : failed ? 'failed' : 'pending',
    ...(url ? { url } : {}),
  };
}
