import type { Note } from '../port/forge.js';
import type { RemoteRequest } from '../remote/remote-api.js';
import type { GithubContext } from './github-context.js';
import { mutate } from './graphql.js';
import { readPull } from './read-requests.js';

const mutations = {
  draft:
    'mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { pullRequest { id } } }',
  ready:
    'mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { id } } }',
};

/** Makes a pull request a draft, or ready for review; only GraphQL can. */
export async function setDraft(
  context: GithubContext,
  { id }: RemoteRequest,
  draft: boolean,
): Promise<Note[]> {
  const pull = await readPull(context, id);
  if (pull === undefined) return [];
  const refusal = await mutate(context, mutations[draft ? 'draft' : 'ready'], { id: pull.node_id });
  return refusal === undefined ? [] : [`it stays ${draft ? 'ready' : 'a draft'}: ${refusal}`];
}
