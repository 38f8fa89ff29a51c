import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createStandIn, type StandIn, type StandInKind } from '@holdfast/forge-stand-in';
import { syncFleet, type SyncedItem } from '@holdfast/sync';
import type { FleetSurroundings } from '../src/index.js';
import { withFleet } from '../src/index.js';

/** A source and its targets on a server that stands in for a forge. */
export interface ServerFleet extends AsyncDisposable {
  readonly standIn: StandIn;
  readonly source: string;
  readonly surroundings: FleetSurroundings;
  /** Commits files to the source and tags them. */
  release(tag: string, files: Readonly<Record<string, string>>): void;
  sync(): Promise<readonly SyncedItem[]>;
}

/** What a test sets besides. */
export interface ServerFleetOptions {
  readonly targets?: number;
  /** The token that the environment gives; undefined: none. Default one that is known. */
  readonly token?: string | undefined;
  /** Whose the token is. Default `holdfast`. */
  readonly user?: string;
  /** More of the environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the targets say who owns what. Default true. */
  readonly owners?: boolean;
  /** More lines of `holdfast.yaml`. */
  readonly configuration?: string;
  /** More lines of the rule. */
  readonly rule?: string;
  /** Default: whichever is quicker. */
  readonly engine?: 'auto' | 'program' | 'embedded';
}

/** Sets a fleet up; every target of the stand-in holds a CODEOWNERS file and a README. */
export async function createServerFleet(
  kind: StandInKind,
  options: ServerFleetOptions = {},
): Promise<ServerFleet> {
  const { targets = 1, configuration = '', rule = '', engine = 'auto' } = options;
  const { owners: owned = true, user = 'holdfast', environment: more = {} } = options;
  const token = 'token' in options ? options.token : 'secret-token';
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-servers-')));
  const source = join(root, 'source');
  const standIn = await createStandIn(kind, { directory: join(root, 'forge') });
  if (token !== undefined) standIn.world.tokens.set(token, user);
  const owners = kind === 'forgejo' ? '.* @ada\n' : '* @ada\n';
  const names = Array.from({ length: targets }, (_, index) => `org/t${index + 1}`);
  for (const name of names) {
    const files = { 'README.md': 'hello\n', ...(owned ? { CODEOWNERS: owners } : {}) };
    standIn.world.add(name).git.commit('main', files);
  }
  const environment = {
    PATH: process.env['PATH'],
    HOME: root,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
    HOLDFAST_GIT: engine,
    HOLDFAST_STATE_DIR: join(root, 'state'),
    HOLDFAST_CACHE_DIR: join(root, 'cache'),
    ...(token === undefined ? {} : { HOLDFAST_GIT_TOKEN_127_0_0_1: token }),
    ...more,
  };
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', source, '-c', 'gc.auto=0', ...args], { env: environment });
  const write = (files: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(source, path)), { recursive: true });
      writeFileSync(join(source, path), text);
    }
  };
  const listed = names.map((name) => `  ${name}: { url: ${standIn.url(name)}, forge: ${kind} }\n`);
  write({
    'holdfast.yaml': `version: 1\nnamespace: acme\nsource: { name: acme/standards }\ntargets:\n${listed.join('')}${configuration}`,
    'rules/docs.yaml': `sync_rule:\n  id: docs\n  source: "docs/**"\n  targets: "**"\n  target_path: "docs/"\n  strategy: copy\n  frequency: on_release\n${rule}`,
  });
  execFileSync('git', ['init', '-q', '-b', 'main', source], { env: environment });
  const surroundings = {
    cwd: source,
    environment,
    clock: () => new Date(),
    signal: new AbortController().signal,
  };
  return {
    standIn,
    source,
    surroundings,
    release(tag, files) {
      write(files);
      git('add', '--all');
      git('commit', '-q', '-m', `Release ${tag}`);
      git('tag', tag);
    },
    sync: () =>
      withFleet(surroundings, async (fleet) => {
        const result = await syncFleet(fleet);
        if (result.kind === 'refused') throw new Error('refused');
        return result.items;
      }),
    async [Symbol.asyncDispose]() {
      await standIn.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
