import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openRepository, resolveLocation } from '@holdfast/git';
import { compileGlob, forgeOf, parseConfiguration, parseRules } from '@holdfast/manifest';
import { Document, isSeq } from 'yaml';
import { FleetError } from '../fleet-error.js';
import { openForges } from '../forges/open-forges.js';
import { openOptions } from '../open/open-fleet.js';
import type { FleetSurroundings } from '../surroundings.js';
import { editConfiguration, readDocuments, replaceFile, writeDocuments } from './edit-files.js';
import { openRegistry } from './open-registry.js';
import type { Registry } from './open-registry.js';

/** Who is to receive what. */
export interface AddOptions {
  readonly config?: string;
  /** The id of the rule: a new one, or one that is there and names its targets. */
  readonly rule: string;
  /** The path or URL of the repository; default: as configured, or on github.com by its name. */
  readonly url?: string;
  readonly branch?: string;
  readonly forge?: 'embedded' | 'github' | 'gitlab' | 'forgejo';
  /** Of a new rule: the glob of its files. */
  readonly source?: string;
  /** Of a new rule: the folder that they are delivered to. */
  readonly targetPath?: string;
}

/** What was written into the registry. */
export interface AddedToRegistry {
  readonly target: string;
  readonly rule: string;
  readonly url: string;
  /** The branch that was found there. */
  readonly branch: string;
  /** The file of the rule, relative to the configuration. */
  readonly file: string;
  /** The rule is new, and runs by hand until its `frequency` says otherwise. */
  readonly isNew: boolean;
}

/**
 * Adds a repository to the registry: looks whether it can be reached, and writes it into the
 * configuration and a rule for it, `copy` and `manual` as the specification has it for the first sync.
 * Nothing is written when something is wrong.
 *
 * @throws FleetError `bad-argument`; GitError when the repository cannot be reached
 */
export async function addToRegistry(
  surroundings: FleetSurroundings,
  target: string,
  options: AddOptions,
): Promise<AddedToRegistry> {
  const registry = await openRegistry(surroundings, options.config);
  const { configuration, rules, folder, path } = registry;
  const known = configuration.targets[target];
  const url = options.url ?? known?.url ?? `https://github.com/${target}`;
  const settings = {
    url,
    ...(options.branch === undefined ? {} : { branch: options.branch }),
    ...(options.forge === undefined || options.forge === forgeOf(url)
      ? {}
      : { forge: options.forge }),
  };
  if (known && options.url !== undefined && known.url !== options.url) {
    throw new FleetError('bad-argument', `${target} is in the registry already, at ${known.url}`, {
      hint: 'leave --url out, or change it in the configuration',
    });
  }
  checkTarget(target, settings);
  const located = rules.find(({ rule }) => rule.id === options.rule);
  const file = located?.file ?? (await newRuleFile(registry, options.rule));
  const text = located
    ? await withTarget(registry, located.file, options.rule, target)
    : newRule(options, target, file);
  const branch = await reach(registry, surroundings, url, options.branch);

  await replaceFile(join(folder, file), text);
  await editConfiguration(path, (document) => {
    if (!document.hasIn(['targets', target])) {
      document.setIn(['targets', target], document.createNode(settings, { flow: true }));
    }
  });
  return { target, rule: options.rule, url, branch, file, isNew: !located };
}

/** Refuses what the configuration would refuse, before anything is written. */
function checkTarget(target: string, settings: object): void {
  const text = JSON.stringify({ targets: { [target]: settings } });
  const parsed = parseConfiguration(text, { file: 'the new target' });
  if (parsed.kind === 'parsed') return;
  throw new FleetError('bad-argument', `${target} cannot be added`, { findings: parsed.findings });
}

/** Opens the repository, and says which branch it has. */
async function reach(
  { configuration, folder }: Registry,
  surroundings: FleetSurroundings,
  url: string,
  wanted: string | undefined,
): Promise<string> {
  const credentials = openForges(configuration, surroundings).credentials(url);
  const repository = await openRepository(resolveLocation(folder, url), {
    ...openOptions(surroundings),
    ...(credentials ? { credentials } : {}),
  });
  try {
    const branch = wanted ?? (await repository.defaultBranch());
    if (branch !== undefined && (await repository.resolveCommit(`refs/heads/${branch}`))) {
      return branch;
    }
    throw new FleetError(
      'bad-argument',
      wanted === undefined ? `${url} has no commit yet` : `${url} has no branch ${wanted}`,
      { blame: 'repository', hint: 'push a first commit to it, or name a branch that is there' },
    );
  } finally {
    await repository.close();
  }
}

/** Where a new rule goes: beside the others. */
async function newRuleFile(
  { configuration, rules, folder }: Registry,
  id: string,
): Promise<string> {
  const isRead = compileGlob(configuration.rules);
  const places = [
    ...rules.map(({ file }) => file.slice(0, file.lastIndexOf('/') + 1)),
    ...configuration.rules.map((pattern) => /^(?:[^*?[\]{}()!]*\/)?/.exec(pattern)?.[0] ?? ''),
    'rules/',
  ];
  const file = places.map((place) => `${place}${id}.yaml`).find((name) => isRead(name));
  if (file === undefined) {
    throw new FleetError('bad-argument', 'the patterns under rules fit no new file', {
      hint: `widen rules in the configuration, like: rules: ["rules/*.yaml"]`,
    });
  }
  const exists = await stat(join(folder, file)).then(
    () => true,
    () => false,
  );
  if (!exists) return file;
  throw new FleetError('bad-argument', `${file} is there already, and holds no rule ${id}`, {
    hint: 'give the rule another id, or write it into that file by hand',
  });
}

function newRule(
  { rule: id, source, targetPath }: AddOptions,
  target: string,
  file: string,
): string {
  if (source === undefined || targetPath === undefined) {
    throw new FleetError('bad-argument', `there is no rule ${id} yet`, {
      hint: 'say what a new one delivers, and where to: --source "docs/**" --target-path docs/upstream',
    });
  }
  const document = new Document({
    sync_rule: {
      id,
      source,
      target_repo: target,
      target_path: targetPath,
      strategy: 'copy',
      frequency: 'manual',
    },
  });
  document.commentBefore =
    ' The first sync runs by hand; set frequency to on_release or on_change when it is merged.';
  const text = writeDocuments([document]);
  const parsed = parseRules(text, { file });
  if (parsed.kind === 'parsed') return text;
  throw new FleetError('bad-argument', `the rule ${id} cannot be written`, {
    findings: parsed.findings,
  });
}

/** The text of a rule file with one more target in the list of a rule. */
async function withTarget(
  { folder, rules }: Registry,
  file: string,
  id: string,
  target: string,
): Promise<string> {
  const documents = await readDocuments(join(folder, file));
  const reached = rules.some(({ rule }) => rule.id === id && rule.target_repo === target);
  if (reached) {
    throw new FleetError('bad-argument', `${id} delivers to ${target} already`, {
      hint: 'see where it stands with: holdfast status',
    });
  }
  const document = documents.find((one) => one.getIn(['sync_rule', 'id']) === id);
  const list = [
    ['sync_rule', 'targets'],
    ['sync_rule', 'targets', 'match'],
  ]
    .map((place) => document?.getIn(place))
    .find((found) => isSeq(found));
  if (!document || !isSeq(list)) {
    throw new FleetError('bad-argument', `the rule ${id} does not list its targets`, {
      hint: 'give the new rule another id, or make targets a list in the rule: targets: [a/b, c/d]',
    });
  }
  list.add(document.createNode(target));
  return writeDocuments(documents);
}
