import { ForgeError } from '../port/forge-error.js';
import type { GithubContext } from './github-context.js';
import { GraphqlAnswer } from './schema.js';

/** Where GraphQL is asked: beside the REST API, `/graphql` or `/api/graphql` on a server of one's own. */
export function graphqlUrl(apiUrl: string): string {
  return apiUrl.endsWith('/api/v3')
    ? `${apiUrl.slice(0, -'/v3'.length)}/graphql`
    : `${apiUrl}/graphql`;
}

/** Makes a mutation; undefined when it was done, otherwise what GitHub said. */
export async function mutate(
  { client }: GithubContext,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const path = graphqlUrl(client.apiUrl);
  // What is set twice is set once.
  const call = { method: 'POST', path, body: { query, variables }, repeatable: true } as const;
  const { data, errors } = await client.read(call, GraphqlAnswer);
  if (errors !== undefined && errors.length > 0) {
    return errors
      .map(({ message }) => message)
      .join('; ')
      .slice(0, 300);
  }
  if (data === undefined || data === null) {
    throw new ForgeError(
      'bad-answer',
      `${client.host}: GraphQL answered with no data and no error`,
    );
  }
  return undefined;
}
