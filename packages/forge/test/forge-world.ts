import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { openRepository } from '@holdfast/git';
import { createStandIn, type StandIn, type StoredRepository } from '@holdfast/forge-stand-in';
import { onTestFinished } from 'vitest';

import {
  createAnswerCache,
  createEmbeddedForge,
  createHostGate,
  createServerClient,
  defaultApiUrl,
  openServerForge,
  tokenAuthorization,
  type ClientOptions,
  type Forge,
  type ForgeClient,
  type ForgeKind,
} from '../src/index.js';
import { actor } from './actor.js';
import { createSandbox, temporaryDirectory } from './git-sandbox.js';

/** A forge with one repository, `org/webapp`, as a test uses it; branches are real git. */
export interface ForgeWorld {
  readonly forge: Forge;
  /** Commits files to a branch of the repository; a new branch starts at `main`. */
  commit(branch: string, files: Record<string, string>): Promise<string>;
  deleteBranch(branch: string): void;
  tip(branch: string): string;
  /** What tests of servers alone look at. */
  readonly server?: ServerWorld;
}

/** The server behind a forge. */
export interface ServerWorld {
  readonly standIn: StandIn;
  readonly stored: StoredRepository;
  readonly client: ForgeClient;
}

const token = 'secret-token';

/** Sets up a forge; its requests and answers must fit their description. */
export async function createForgeWorld(
  kind: ForgeKind,
  options: Partial<ClientOptions> = {},
): Promise<ForgeWorld> {
  if (kind === 'embedded') {
    const sandbox = await createSandbox();
    return {
      forge: createEmbeddedForge({
        repository: sandbox.repository,
        clock: () => new Date(),
        actor: { ...actor, name: 'holdfast' },
      }),
      commit: (branch, files) =>
        sandbox.commit(branch, files, sandbox.git('branch', '--list', branch) ? undefined : 'main'),
      deleteBranch: (branch) => void sandbox.git('update-ref', '-d', `refs/heads/${branch}`),
      tip: (branch) => sandbox.git('rev-parse', `refs/heads/${branch}`),
    };
  }
  const standIn = await createStandIn(kind, { directory: temporaryDirectory() });
  standIn.world.tokens.set(token, 'holdfast');
  const stored = standIn.world.add('org/webapp');
  stored.git.commit('main', { 'README.md': 'hello\n' });
  onTestFinished(() => standIn.close());
  const client = connect(standIn, options);
  const repository = await openMirror(standIn);
  return {
    forge: openServerForge(kind, { client, path: 'org/webapp', repository, sleep: quickly }),
    commit: async (branch, files) => stored.git.commit(branch, files, 'main'),
    deleteBranch: (branch) => stored.git.deleteBranch(branch),
    tip: (branch) => stored.git.tip(branch) ?? '',
    server: { standIn, stored, client },
  };
}

/** A client of a stand-in, which waits a thousandth of what it is told. */
export function connect(standIn: StandIn, options: Partial<ClientOptions> = {}): ForgeClient {
  const { host } = new URL(standIn.origin);
  const clock = () => new Date();
  return createServerClient(standIn.kind, {
    apiUrl: defaultApiUrl(standIn.kind, host),
    authorization: tokenAuthorization(standIn.kind, token),
    gate: createHostGate(host, { clock, sleep: quickly }),
    cache: createAnswerCache(),
    clock,
    sleep: quickly,
    ...options,
  });
}

/** Waits a thousandth. */
export async function quickly(milliseconds: number): Promise<void> {
  await setTimeout(Math.ceil(milliseconds / 1000));
}

/** The repository as each call finds it at that moment, by git over HTTP. */
async function openMirror(standIn: StandIn) {
  const open = () =>
    openRepository(standIn.url('org/webapp'), {
      environment: process.env,
      cacheDirectory,
      credentials: async () => ({ username: 'x', password: token }),
    });
  const cacheDirectory = join(temporaryDirectory(), 'cache');
  const withMirror = async <T>(use: (mirror: Awaited<ReturnType<typeof open>>) => Promise<T>) => {
    const mirror = await open();
    try {
      return await use(mirror);
    } finally {
      await mirror.close();
    }
  };
  return {
    resolveCommit: (revision: string) => withMirror((mirror) => mirror.resolveCommit(revision)),
    mergeBase: (a: string, b: string) => withMirror((mirror) => mirror.mergeBase(a, b)),
    diffTrees: (from: string | null, to: string) =>
      withMirror((mirror) => mirror.diffTrees(from, to)),
  };
}
