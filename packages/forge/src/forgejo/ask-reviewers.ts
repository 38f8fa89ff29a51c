import { messageOf } from '../client/read-wait.js';
import type { Note } from '../port/forge.js';
import type { RemoteRequest } from '../remote/remote-api.js';
import { repositoryPath, type ForgejoContext } from './forgejo-context.js';

/**
 * Asks for reviews. Forgejo refuses the whole list for one who cannot review; then each is asked
 * alone, and who cannot is a note. The author is never asked.
 */
export async function askReviewers(
  context: ForgejoContext,
  request: RemoteRequest,
  wanted: readonly string[],
): Promise<{ readonly names: readonly string[]; readonly notes: readonly Note[] }> {
  const notes: Note[] = [];
  const names: string[] = [];
  const owner = context.repository.split('/')[0]!.toLowerCase();
  for (const name of wanted) {
    const [org, team] = name.split('/');
    if (request.reviewers.includes(name)) continue;
    if (name.toLowerCase() === request.author.toLowerCase()) {
      notes.push(`${name} is not asked to review: it is the author`);
    } else if (team !== undefined && org?.toLowerCase() !== owner) {
      notes.push(`${name} is not asked to review: the team is of another organisation`);
    } else names.push(name);
  }
  if (names.length === 0 || (await ask(context, request, names)) === undefined) {
    return { names, notes };
  }
  const asked: string[] = [];
  for (const name of names) {
    const refusal = await ask(context, request, [name]);
    if (refusal === undefined) asked.push(name);
    else notes.push(`${name} is not asked to review: ${refusal}`);
  }
  return { names: asked, notes };
}

/** Undefined when they were asked; otherwise what Forgejo said. */
async function ask(
  context: ForgejoContext,
  { id }: RemoteRequest,
  names: readonly string[],
): Promise<string | undefined> {
  const people = names.filter((name) => !name.includes('/'));
  const teams = names.filter((name) => name.includes('/')).map((name) => name.split('/')[1]!);
  const answer = await context.client.call({
    method: 'POST',
    path: repositoryPath(context, `/pulls/${id}/requested_reviewers`),
    body: { reviewers: people, team_reviewers: teams },
    expect: [403, 404, 422],
    // Asking twice is asking once.
    repeatable: true,
  });
  return answer.status < 300 ? undefined : messageOf(answer.body) || 'they cannot review here';
}
