import type { Note } from '../port/forge.js';
import type { GitlabContext } from './gitlab-context.js';
import { GitlabUser } from './schema.js';

/** People by their ids; who cannot be asked is a note. */
export async function findPeople(
  { client }: GitlabContext,
  names: readonly string[],
  { author, task }: { author?: string; task: 'review' | 'take it on' },
): Promise<{ ids: number[]; notes: Note[] }> {
  const ids: number[] = [];
  const notes: Note[] = [];
  for (const name of names) {
    if (name === author) {
      notes.push(`${name} is not asked to ${task}: it is the author`);
      continue;
    }
    const call = { method: 'GET', path: '/users', query: { username: name } } as const;
    const found = name.includes('/') ? [] : await client.read(call, GitlabUser.array());
    const person = found.find(({ username }) => username.toLowerCase() === name.toLowerCase());
    if (person) ids.push(person.id);
    else notes.push(`${name} is not asked to ${task}: GitLab knows no person of that name`);
  }
  return { ids, notes };
}
