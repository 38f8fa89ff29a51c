import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseLocation } from '@holdfast/git';
import type { Location, Repository } from '@holdfast/git';

/** What a source is called, and where it is on the web. */
export interface SourceIdentity {
  /** `owner/name` of the origin's URL, or else the name of the folder. */
  readonly name: string;
  /** The page of the repository, for permalinks; absent where the origin is not a web host. */
  readonly url?: string;
}

/** Derives what manifests and change requests call a source from where it comes from. */
export async function identifySource(repository: Repository): Promise<SourceIdentity> {
  const origin = repository.remote ? repository.location : await readOrigin(repository.directory);
  const folder = basename(repository.worktree ?? repository.directory).replace(/\.git$/, '');
  if (origin === undefined) return { name: folder };
  return describeOrigin(origin, folder);
}

/** Reads `remote.origin.url` from a repository's own configuration; includes are not followed. */
export async function readOrigin(directory: string): Promise<string | undefined> {
  const text = await readFile(join(await commonDirectory(directory), 'config'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    },
  );
  let section = '';
  for (const line of text.split('\n').map((line) => line.trim())) {
    if (line.startsWith('[')) section = line;
    const value = section === '[remote "origin"]' && /^url\s*=\s*(.+)$/.exec(line)?.[1];
    if (value) return value.replace(/^"(.*)"$/, '$1');
  }
  return undefined;
}

/** A linked work tree keeps its configuration in the directory that it shares. */
async function commonDirectory(directory: string): Promise<string> {
  const shared = await readFile(join(directory, 'commondir'), 'utf8').catch(() => '.');
  return join(directory, shared.trim());
}

/**
 * `git@host:owner/name.git`, `https://host/owner/name` and the like, as name and page. What is of no
 * known form may hold a secret in any place: nothing of it gets into manifests and requests.
 */
function describeOrigin(origin: string, folder: string): SourceIdentity {
  const location = readLocation(origin);
  if (location === undefined) return { name: folder };
  const path = location.path.replace(/^\/+|\/+$/g, '').replace(/\.(git|bundle)$/, '');
  if (location.kind === 'path' || location.protocol === 'file') {
    return { name: basename(path) || folder };
  }
  if (path === '') return { name: folder };
  const name = path.split('/').slice(-2).join('/');
  return { name, url: `https://${location.host.replace(/:\d+$/, '')}/${path}` };
}

/** The location without the login that users keep in `origin`; undefined where it is none. */
export function readLocation(origin: string): Location | undefined {
  try {
    return parseLocation(origin.replace(/^(https?:\/\/)[^/?#\\]*@/i, '$1'));
  } catch {
    return undefined;
  }
}
