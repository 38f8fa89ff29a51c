import { discoverRepositories } from '@holdfast/forge';
import type { FoundRepository, ServerForgeKind } from '@holdfast/forge';
import { compileGlob } from '@holdfast/manifest';
import type { Configuration, Finding, Target, TargetsFrom } from '@holdfast/manifest';
import type { FleetSurroundings } from '../surroundings.js';
import type { KnownTarget, KnownTargets } from './known-targets.js';
import { readKnownTargets, writeKnownTargets } from './known-targets.js';
import { openForges, publicHosts } from './open-forges.js';

/** A configuration whose targets are all there, and what is to be said of them. */
export interface FoundTargets {
  readonly configuration: Configuration;
  /** Every target that a forge listed, those that it lists no more included. */
  readonly known: KnownTargets;
  readonly warnings: readonly Finding[];
}

/** How to look. */
export interface FindOptions {
  /** The folder of the configuration. */
  readonly folder: string;
  /** The configuration's file, for what is said. */
  readonly file: string;
  /** Ask the forges; without, what they listed last counts. */
  readonly ask: boolean;
}

/**
 * Adds the repositories that `targets_from` finds to the targets of a configuration; one that is
 * written there stands as it is written. What was found is kept: a repository that is listed no more
 * is no target, and a warning until `holdfast targets forget` is told so.
 */
export async function findTargets(
  configuration: Configuration,
  { folder, file, ask }: FindOptions,
  surroundings: FleetSurroundings,
): Promise<FoundTargets> {
  const from = configuration.targets_from;
  if (from === undefined) return { configuration, known: {}, warnings: [] };
  const before = await readKnownTargets(folder, surroundings);
  const known = ask ? await look(configuration, from, before, surroundings) : before;
  if (ask && JSON.stringify(known) !== JSON.stringify(before)) {
    await writeKnownTargets(folder, known, surroundings);
  }
  const targets: Record<string, Target> = Object.assign(Object.create(null), configuration.targets);
  for (const [name, target] of Object.entries(known)) {
    if (target.leftAt === undefined) targets[name] ??= toTarget(target, from[target.forge]?.method);
  }
  const warnings = Object.entries(known).flatMap(([name, { leftAt }]) =>
    leftAt === undefined || name in configuration.targets ? [] : [leftFinding(file, name, leftAt)],
  );
  return { configuration: { ...configuration, targets }, known, warnings };
}

async function look(
  configuration: Configuration,
  from: TargetsFrom,
  before: KnownTargets,
  surroundings: FleetSurroundings,
): Promise<KnownTargets> {
  const forges = openForges(configuration, surroundings);
  const found: Record<string, KnownTarget> = {};
  for (const kind of ['github', 'gitlab', 'forgejo'] as const) {
    const query = queryOf(from, kind);
    if (query === undefined) continue;
    const { owner, team, topic, rules } = query;
    const { host = publicHosts[kind], api_url: apiUrl } = rules;
    const client = forges.client(kind, host, `${owner}/`, apiUrl);
    const repositories = await discoverRepositories(kind, client, {
      owner,
      ...(team === undefined ? {} : { team }),
      ...(topic === undefined ? {} : { topic }),
    });
    for (const repository of repositories.filter(chooser(rules))) {
      found[repository.path] ??= toKnown(kind, repository, apiUrl);
    }
  }
  const now = surroundings.clock().toISOString();
  const left = Object.entries(before)
    .filter(([name]) => !(name in found))
    .map(([name, target]) => [name, { ...target, leftAt: target.leftAt ?? now }] as const);
  const all = [...Object.entries(found), ...left];
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

type Rules = NonNullable<TargetsFrom[ServerForgeKind]>;

interface Query {
  readonly owner: string;
  readonly team?: string | undefined;
  readonly topic?: string | undefined;
  readonly rules: Rules;
}

function queryOf(
  { github, gitlab, forgejo }: TargetsFrom,
  kind: ServerForgeKind,
): Query | undefined {
  if (kind === 'github') {
    return github && { owner: github.org, team: github.team, topic: github.topic, rules: github };
  }
  if (kind === 'gitlab')
    return gitlab && { owner: gitlab.group, topic: gitlab.topic, rules: gitlab };
  return forgejo && { owner: forgejo.org, topic: forgejo.topic, rules: forgejo };
}

function chooser({ include, exclude, archived, forks, empty }: Rules) {
  const wanted = include === undefined ? () => true : compileGlob(include);
  const unwanted = exclude.length === 0 ? () => false : compileGlob(exclude);
  return (repository: FoundRepository) =>
    wanted(repository.path) &&
    !unwanted(repository.path) &&
    (archived || !repository.archived) &&
    (forks || !repository.fork) &&
    (empty || !repository.empty);
}

function toKnown(
  forge: ServerForgeKind,
  { url, defaultBranch, topics }: FoundRepository,
  apiUrl: string | undefined,
): KnownTarget {
  return {
    url,
    forge,
    ...(apiUrl === undefined ? {} : { apiUrl }),
    ...(defaultBranch === undefined ? {} : { branch: defaultBranch }),
    topics,
  };
}

/** Topics are labels that rules choose targets by; each is true. */
function toTarget(
  { url, forge, apiUrl, branch, topics }: KnownTarget,
  method: Target['method'],
): Target {
  const labels = Object.fromEntries(topics.map((topic) => [topic, true]));
  return {
    url,
    forge,
    ...(apiUrl === undefined ? {} : { api_url: apiUrl }),
    ...(branch === undefined ? {} : { branch }),
    ...(method === undefined ? {} : { method }),
    variables: {},
    labels: Object.assign(Object.create(null), labels),
    request_labels: [],
  };
}

function leftFinding(path: string, name: string, leftAt: string): Finding {
  return {
    ruleId: 'target-left',
    severity: 'warning',
    path,
    message: `targets_from lists ${name} no more since ${leftAt.slice(0, 10)}: it was archived, renamed or moved, or lost its topic; its files stay. Say that this is meant with: holdfast targets forget ${name}`,
    data: { target: name, leftAt },
  };
}
