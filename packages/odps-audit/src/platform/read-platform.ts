import { connectionSubjects } from '../audit.js';
import { findContracts } from '../contract/find-contracts.js';
import { findDataProduct, findOdpsFiles } from '../judge/judge-odps.js';
import type { Project } from '../project.js';
import type { PlatformClient, Resource } from './platform-client.js';
import type { PlatformState, PublishedResource } from './platform-state.js';

/** Requests under way at once. */
const PARALLEL = 6;

/**
 * Asks the platform what the audit of a project needs: teams, what is published, its git connections, the agreements
 * that the product reads under. Reads only.
 *
 * @throws PlatformError where a request fails.
 */
export async function readPlatform(
  client: PlatformClient,
  project: Project,
): Promise<PlatformState> {
  const odpsFiles = findOdpsFiles(project);
  const product = findDataProduct(odpsFiles);
  const contracts = findContracts(project, product);
  const subjects = connectionSubjects({ odpsFiles, product, contracts });
  // The first request tests the connection: with a bad key there is only one.
  const teams = await client.listTeams();
  const states = await mapParallel(subjects, ({ resource, id }) =>
    readResource(client, resource, id),
  );
  const [productState] = states;
  const published = productState !== undefined && productState.kind !== 'unpublished';
  const access =
    published && product?.id !== undefined ? await client.listAccess(product.id) : undefined;
  const inputIds = contracts.input.flatMap(({ contract: { id } }) => id ?? []);
  const inputs = await mapParallel(inputIds, (id) => client.getResource('datacontracts', id));
  return {
    host: client.host,
    teams,
    product: productState,
    contracts: new Map(
      subjects.flatMap(({ resource, id }, index) =>
        resource === 'datacontracts' ? [[id, states[index]!] as const] : [],
      ),
    ),
    access,
    inputContracts: new Map(
      inputIds.flatMap((id, index) =>
        inputs[index] === undefined ? [] : [[id, inputs[index]] as const],
      ),
    ),
  };
}

/** A connection's 404 may mean that there is no connection, or nothing that could have one: the latter is asked for. */
async function readResource(
  client: PlatformClient,
  resource: Resource,
  id: string,
): Promise<PublishedResource> {
  const connection = await client.getGitConnection(resource, id);
  if (connection) return { kind: 'connected', connection };
  const published = await client.getResource(resource, id);
  return { kind: published ? 'unconnected' : 'unpublished' };
}

async function mapParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  const pending = items.entries();
  async function next(): Promise<void> {
    for (const [index, item] of pending) results[index] = await work(item);
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, next));
  return results;
}
