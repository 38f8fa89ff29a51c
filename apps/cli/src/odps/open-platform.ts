import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  chooseConnection,
  createPlatformClient,
  PlatformError,
  readPlatform,
} from '@holdfast/odps-audit';
import type { PlatformClient, PlatformState, Project } from '@holdfast/odps-audit';
import { CliError } from '../cli-error.js';
import { describeError } from '../describe-error.js';
import type { ErrorDocument } from '../describe-error.js';
import type { Surroundings } from '../surroundings.js';

/** Which platform is asked, if any. */
export interface PlatformInput {
  readonly offline?: true;
  /** A connection of the platform's own configuration file. */
  readonly connection?: string;
  readonly apiHost?: string;
}

/** A platform that can be asked, or why there is none. */
export type Platform =
  | { readonly kind: 'online'; readonly name: string; readonly client: PlatformClient }
  | { readonly kind: 'offline'; readonly reason: string; readonly host: string | undefined };

/** Chooses the connection as the platform's own program does; nothing is asked yet. */
export async function openPlatform(
  { offline, connection: name, apiHost: host }: PlatformInput,
  { environment, signal }: Surroundings,
): Promise<Platform> {
  if (offline) return { kind: 'offline', reason: '--offline', host };
  const config = await readConfig(environment);
  const choice = chooseConnection({
    environment,
    ...(name !== undefined && { name }),
    ...(host !== undefined && { host }),
    ...(config !== undefined && { config }),
  });
  switch (choice.kind) {
    case 'none':
      return { kind: 'offline', reason: 'no connection to the platform is configured', host };
    case 'invalid':
      throw new CliError('bad-argument', choice.message, {
        hint: 'see entropy-data connection list, or go on with --offline',
      });
    case 'chosen': {
      const { connection } = choice;
      const client = createPlatformClient({
        host: connection.host,
        apiKey: connection.apiKey,
        signal,
      });
      return { kind: 'online', name: connection.name, client };
    }
  }
}

async function readConfig(environment: Surroundings['environment']): Promise<string | undefined> {
  const home = environment['HOME'] ?? environment['USERPROFILE'];
  if (home === undefined || home === '') return undefined;
  try {
    return await readFile(join(home, '.entropy-data', 'config.toml'), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return undefined;
    throw error;
  }
}

/** What the platform said of a project, or what kept it from answering. */
export type PlatformAnswer =
  | { readonly kind: 'answered'; readonly state: PlatformState }
  | { readonly kind: 'failed'; readonly error: ErrorDocument }
  | { readonly kind: 'not-asked' };

export async function askPlatform(platform: Platform, project: Project): Promise<PlatformAnswer> {
  if (platform.kind === 'offline') return { kind: 'not-asked' };
  try {
    return { kind: 'answered', state: await readPlatform(platform.client, project) };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { kind: 'failed', error: describeError(error) };
  }
}
