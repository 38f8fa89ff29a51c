import { repositoryPath, type ForgejoContext } from './forgejo-context.js';
import { RepositoryLabel } from './schema.js';

/** The numbers of labels, which is how Forgejo takes them; those that are missing are made. */
export async function labelNumbers(
  context: ForgejoContext,
  names: readonly string[],
): Promise<number[]> {
  const { client } = context;
  const path = repositoryPath(context, '/labels');
  const call = { method: 'GET', path, query: { limit: 50 } } as const;
  const known = new Map(
    (await client.readAll(call, RepositoryLabel)).map(({ name, id }) => [name, id]),
  );
  const numbers: number[] = [];
  for (const name of names) {
    const made = { method: 'POST', path, body: { name, color: '#ededed' } } as const;
    numbers.push(known.get(name) ?? (await client.read(made, RepositoryLabel)).id);
  }
  return numbers;
}
