import type { RequestCheck, RequestReadiness } from '../port/change-request.js';
import type { RemoteRequest } from '../remote/remote-api.js';
import { verdictOf } from '../remote/verdict.js';
import { repositoryPath, type ForgejoContext } from './forgejo-context.js';
import { readPull } from './read-requests.js';
import { CombinedStatus } from './schema.js';

const states: Record<string, RequestCheck['status']> = {
  success: 'passed',
  warning: 'neutral',
  pending: 'pending',
};

/** Whether a pull request can be merged, and the statuses of its head commit. */
export async function readReadiness(
  context: ForgejoContext,
  { id, headCommit }: RemoteRequest,
): Promise<Omit<RequestReadiness, 'headCommit'>> {
  const path = repositoryPath(context, `/commits/${headCommit}/status`);
  const [pull, combined] = await Promise.all([
    readPull(context, id),
    context.client.read({ method: 'GET', path }, CombinedStatus),
  ]);
  const checks = (combined.statuses ?? []).map(({ context: name, status, target_url: url }) => ({
    name,
    status: states[status] ?? ('failed' as const),
    ...(url ? { url } : {}),
  }));
  const about = { reasons: [], verdict: verdictOf(checks), checks };
  if (pull?.draft ?? pull?.title.startsWith('WIP:')) return { ...about, merge: 'draft' };
  // Forgejo says only whether the branches conflict.
  return { ...about, merge: pull?.mergeable === false ? 'conflicted' : 'ready' };
}
