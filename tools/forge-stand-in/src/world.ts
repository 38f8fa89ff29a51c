import { join } from 'node:path';
import { createGitRepository, type GitRepository } from './git-repository.js';

/** A comment of a request or an issue. */
export interface StoredComment {
  readonly id: number;
  readonly author: string;
  readonly createdAt: string;
  body: string;
}

/** A request or an issue: forges count both with one counter, GitLab with two. */
export interface StoredItem {
  readonly number: number;
  readonly kind: 'request' | 'issue';
  readonly author: string;
  readonly createdAt: string;
  updatedAt: string;
  state: 'open' | 'closed' | 'merged';
  title: string;
  body: string;
  labels: string[];
  reviewers: string[];
  assignees: string[];
  draft: boolean;
  locked: boolean;
  readonly head: string;
  readonly base: string;
  /** The last tip that was seen. */
  headCommit: string;
  autoMerge?: { method: 'merge' | 'squash'; head: string };
  mergedCommit?: string;
  mergedBy?: string;
  readonly comments: StoredComment[];
}

/** A repository of the stand-in: real git, and what a forge keeps beside it. */
export interface StoredRepository {
  readonly id: number;
  /** `owner/name`. */
  name: string;
  readonly git: GitRepository;
  defaultBranch: string;
  archived: boolean;
  fork: boolean;
  empty: boolean;
  topics: string[];
  /** Whether the repository lets the forge merge by itself. */
  allowAutoMerge: boolean;
  /** Whether something must pass before a merge: then auto-merge has something to wait for. */
  requiresChecks: boolean;
  requiresReview: boolean;
  /** Whether the default branch takes changes through a merge queue alone; GitHub's. */
  mergeQueue: boolean;
  /** People and teams (`org/team`) that can review. */
  collaborators: string[];
  readonly items: StoredItem[];
  readonly labels: { readonly id: number; readonly name: string }[];
  readonly checks: Map<string, { name: string; status: 'passed' | 'failed' | 'pending' }[]>;
  readonly releases: { tag: string; name: string; body: string; draft: boolean }[];
}

/** Everything that a stand-in keeps. */
export interface World {
  readonly directory: string;
  readonly repositories: Map<string, StoredRepository>;
  /** Old names → new names. */
  readonly renamed: Map<string, string>;
  /** Tokens and whose they are. */
  readonly tokens: Map<string, string>;
  now(): string;
  nextId(): number;
  add(name: string, options?: Partial<StoredRepository>): StoredRepository;
}

/** Creates an empty world in a folder. */
export function createWorld(directory: string): World {
  let id = 1000;
  let moment = Date.UTC(2026, 0, 30, 12);
  const repositories = new Map<string, StoredRepository>();
  const nextId = () => (id += 1);
  return {
    directory,
    repositories,
    renamed: new Map(),
    tokens: new Map(),
    nextId,
    now: () => new Date((moment += 1000)).toISOString().replace('.000Z', 'Z'),
    add(name, options = {}) {
      const defaultBranch = options.defaultBranch ?? 'main';
      const repository: StoredRepository = {
        id: nextId(),
        name,
        git: createGitRepository(join(directory, `${name}.git`), defaultBranch),
        defaultBranch,
        archived: false,
        fork: false,
        empty: false,
        topics: [],
        allowAutoMerge: true,
        requiresChecks: false,
        requiresReview: false,
        mergeQueue: false,
        collaborators: ['ada', 'bob', `${name.split('/')[0]}/writers`],
        items: [],
        labels: [],
        checks: new Map(),
        releases: [],
        ...options,
      };
      repositories.set(name, repository);
      return repository;
    },
  };
}

/** The next number of a repository's requests and issues. */
export function nextNumber({ items }: StoredRepository, kind?: StoredItem['kind']): number {
  const counted = kind === undefined ? items : items.filter((item) => item.kind === kind);
  return counted.length + 1;
}

/** What the pushes since did to requests: their heads move, a deleted branch closes them. */
export function settleRequests(repository: StoredRepository, now: () => string): void {
  for (const item of repository.items) {
    if (item.kind !== 'request' || item.state !== 'open') continue;
    const tip = repository.git.tip(item.head);
    if (tip === undefined) {
      item.state = 'closed';
      item.updatedAt = now();
    } else if (tip !== item.headCommit) {
      item.headCommit = tip;
      item.updatedAt = now();
    }
    const base = repository.git.tip(item.base);
    if (tip !== undefined && base !== undefined && repository.git.isAncestor(tip, base)) {
      item.state = 'merged';
      item.mergedCommit = tip;
      item.updatedAt = now();
    }
  }
}

/** Merges what waits for its checks, where they have passed by now. */
export function mergeWaiting(repository: StoredRepository, now: () => string): void {
  for (const item of repository.items) {
    if (item.state !== 'open' || !item.autoMerge || item.autoMerge.head !== item.headCommit)
      continue;
    if (standsAgainst(repository, item) === undefined) {
      mergeItem(repository, item, {
        squash: item.autoMerge.method === 'squash',
        by: item.author,
        now,
      });
    }
  }
}

/** What stands against merging a request; undefined when nothing does. */
export function standsAgainst(repository: StoredRepository, item: StoredItem): string | undefined {
  if (item.draft) return 'draft';
  const base = repository.git.tip(item.base);
  if (base !== undefined && repository.git.conflicts(base, item.headCommit)) return 'conflict';
  const checks = repository.checks.get(item.headCommit) ?? [];
  const passed = checks.length > 0 && checks.every(({ status }) => status === 'passed');
  if (repository.requiresChecks && !passed) return 'checks';
  return repository.requiresReview ? 'review' : undefined;
}

/** Merges a request; false when it conflicts. */
export function mergeItem(
  repository: StoredRepository,
  item: StoredItem,
  { squash, by, now }: { squash: boolean; by: string; now: () => string },
): boolean {
  const message = squash ? item.title : `Merge request ${item.number}: ${item.title}`;
  const commit = repository.git.merge(item.base, item.headCommit, message, squash);
  if (commit === undefined) return false;
  item.state = 'merged';
  item.mergedCommit = commit;
  item.mergedBy = by;
  item.updatedAt = now();
  delete item.autoMerge;
  return true;
}
