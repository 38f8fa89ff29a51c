import { messageOf } from '../client/read-wait.js';
import type { Note } from '../port/forge.js';
import type { RemoteRequest } from '../remote/remote-api.js';
import { ownerOf, repositoryPath, type GithubContext } from './github-context.js';

interface Asked {
  readonly reviewers: readonly string[];
  readonly team_reviewers: readonly string[];
}

/**
 * Asks for reviews. GitHub refuses the whole list for one who cannot review; then each is asked alone,
 * and who cannot is a note. The author is never asked.
 */
export async function askReviewers(
  context: GithubContext,
  request: RemoteRequest,
  wanted: readonly string[],
): Promise<{ readonly names: readonly string[]; readonly notes: readonly Note[] }> {
  const { notes, names } = sortOut(context, request, wanted);
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

function sortOut(
  context: GithubContext,
  { author, reviewers }: RemoteRequest,
  wanted: readonly string[],
): { notes: Note[]; names: string[] } {
  const notes: Note[] = [];
  const names: string[] = [];
  const owner = ownerOf(context).toLowerCase();
  for (const name of wanted) {
    const [org, team] = name.split('/');
    if (reviewers.includes(name)) continue;
    if (name.toLowerCase() === author.toLowerCase()) {
      notes.push(`${name} is not asked to review: it is the author`);
    } else if (team !== undefined && org?.toLowerCase() !== owner) {
      notes.push(`${name} is not asked to review: the team is of another organisation`);
    } else names.push(name);
  }
  return { notes, names };
}

/** Undefined when they were asked; otherwise what GitHub said. */
async function ask(
  context: GithubContext,
  { id }: RemoteRequest,
  names: readonly string[],
): Promise<string | undefined> {
  const answer = await context.client.call({
    method: 'POST',
    path: repositoryPath(context, `/pulls/${id}/requested_reviewers`),
    body: toAsked(names),
    expect: [403, 404, 422],
    // Asking twice is asking once.
    repeatable: true,
  });
  return answer.status < 300 ? undefined : messageOf(answer.body) || String(answer.status);
}

function toAsked(names: readonly string[]): Asked {
  return {
    reviewers: names.filter((name) => !name.includes('/')),
    team_reviewers: names.filter((name) => name.includes('/')).map((name) => name.split('/')[1]!),
  };
}
