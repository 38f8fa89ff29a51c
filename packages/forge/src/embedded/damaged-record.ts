import { z } from 'zod';

import { ForgeError } from '../port/forge-error.js';
import type { ForgeRepository } from './repository-port.js';
import { branchSchema, type RequestRecord } from './request-record.js';
import { recordPath, requestsRef, type ReadFile, type RequestTree } from './request-tree.js';

/** How many earlier versions of the requests are searched for one that can be read. */
const versionLimit = 200;

const headSchema = z.object({ head: branchSchema });

/**
 * Throws the error of a damaged record that is, or may be, a request of this branch. Its branch is
 * what the damaged text still says, or else what the last readable version said.
 */
export async function refuseDamaged(
  repository: ForgeRepository,
  tree: RequestTree,
  files: readonly ReadFile<RequestRecord>[],
  head: string,
): Promise<void> {
  for (const [index, file] of files.entries()) {
    if (file.kind !== 'damaged') continue;
    const found = await findHead(repository, tree, tree.numbers[index]!);
    if (found !== undefined && found !== head) continue;
    throw new ForgeError(file.error.code, file.error.message, {
      hint: restoring(tree.numbers[index]!, found),
      data: file.error.data,
      cause: file.error,
    });
  }
}

function restoring(number: number, head: string | undefined): string {
  const path = recordPath(number);
  const whose =
    head === undefined ? 'Which branch it is for cannot be told' : `It is the request of ${head}`;
  return `${whose}, so no other is opened in its place: "git log ${requestsRef} -- ${path}" lists the commits to take an earlier version of ${path} from.`;
}

async function findHead(
  repository: ForgeRepository,
  tree: RequestTree,
  number: number,
): Promise<string | undefined> {
  const path = recordPath(number);
  const seen = new Set<string>();
  for (let back = 0; back < versionLimit && tree.tip !== null; back += 1) {
    const files = back === 0 ? tree.files : await readVersion(repository, tree.tip, back);
    if (files === undefined) return undefined;
    const oid = files.get(path)?.oid;
    if (oid === undefined || seen.has(oid)) continue;
    seen.add(oid);
    const head = await readHead(repository, oid);
    if (head !== undefined) return head;
  }
  return undefined;
}

async function readVersion(repository: ForgeRepository, tip: string, back: number) {
  const commit = await repository.resolveCommit(`${tip}~${back}`);
  return commit === undefined ? undefined : (await repository.readSnapshot(commit.oid)).entries;
}

/** The branch that a record names, however little of it can be read. */
async function readHead(repository: ForgeRepository, oid: string): Promise<string | undefined> {
  try {
    for await (const { content } of repository.readBlobs([oid])) {
      const text = new TextDecoder().decode(content);
      const value: unknown = JSON.parse(text);
      return headSchema.safeParse(value).data?.head;
    }
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error)) return undefined;
    throw error;
  }
  return undefined;
}

/** An error of the repository about this one object. */
function hasCode(error: unknown): boolean {
  const codes = ['corrupt', 'missing-object', 'too-large'];
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
