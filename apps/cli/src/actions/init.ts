import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CONFIGURATION_FILE, identifySource, importSyncFile, openOptions } from '@holdfast/fleet';
import { openRepository } from '@holdfast/git';
import type { Repository } from '@holdfast/git';
import {
  checkGlob,
  checkRules,
  compileGlob,
  forgeOf,
  globBase,
  parseConfiguration,
  parseRules,
} from '@holdfast/manifest';
import type { Finding, Parsed } from '@holdfast/manifest';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import type { ExitCode } from '../exit-code.js';
import { renderCarriedOver, renderInitialised } from '../render/initialised.js';
import { readTarget } from './init-answers.js';
import type { InitAnswers, InitInput, InitTarget } from './init-answers.js';
import { configurationText, ruleText, schemaFiles } from './init-files.js';
import type { InitFile } from './init-files.js';
import { findLinkStyle, proposeReleaseTags, proposeSource } from './init-proposal.js';
import { askQuestions, withTarget } from './init-questions.js';

/**
 * `holdfast init`: looks at the tags and files of the repository of the folder, proposes, asks, and writes
 * `holdfast.yaml` and a first rule. Nothing is overwritten, and nothing is written unless both files are valid.
 */
export async function init(context: CommandContext, input: InitInput): Promise<CommandResult> {
  const { surroundings } = context;
  const { cwd } = surroundings;
  const repository = await openHere(context);
  try {
    await refuseExisting(join(cwd, CONFIGURATION_FILE), CONFIGURATION_FILE);
    if (input.from !== undefined)
      return await carryOver(cwd, repository, input.from, input.namespace);
    const proposed = await proposeAnswers(repository, input);
    const answers = input.yes
      ? proposed
      : await askQuestions(proposed, input, {
          ...surroundings,
          check: (wanted) => findProblem(repository, wanted),
          complete: (wanted) => complete(repository, wanted, input),
        });
    const releases = await repository.listReleases(answers.releaseTags);
    const settled: InitAnswers = {
      ...answers,
      frequency: releases.length > 0 ? 'on_release' : 'on_change',
    };
    const files = await writeFiles(cwd, settled);
    const missing = await findMissing(cwd, settled);
    return {
      exitCode: 0 satisfies ExitCode,
      document: { files: files.map(({ path }) => path), answers: settled },
      text: () =>
        renderInitialised(files, { answers: settled, release: releases[0]?.tag, missing }),
    };
  } finally {
    await repository.close();
  }
}

/** What would be delivered: the files of the newest release, or of the branch; none before the first commit. */
async function lookAt(
  repository: Repository,
  { releaseTags, branch }: Pick<InitAnswers, 'releaseTags' | 'branch'>,
): Promise<ReadonlyMap<string, string>> {
  const [newest] = await repository.listReleases(releaseTags);
  const head = newest?.commit ?? (await repository.resolveCommit(`refs/heads/${branch}`))?.oid;
  if (head === undefined) return new Map();
  const { entries } = await repository.readSnapshot(head);
  return new Map([...entries.values()].map(({ path, oid }) => [path, oid]));
}

async function proposeAnswers(repository: Repository, input: InitInput): Promise<InitAnswers> {
  const { name, url } = await identifySource(repository);
  const [first = 'org/example=../example.git', ...others] = input.target ?? [];
  let targets: InitAnswers['targets'] = [readTarget(first)];
  for (const other of others) targets = withTarget(targets, readTarget(other));
  const namespace = input.namespace ?? nameFrom(basename(name));
  const answers: InitAnswers = {
    namespace,
    branch: (await repository.defaultBranch()) ?? 'main',
    releaseTags: input.releaseTags ?? (await proposeReleaseTags(repository)).pattern,
    frequency: 'on_release',
    source: '',
    targets,
    targetPath: input.targetPath ?? `docs/${namespace}/`,
    undeliveredLinks: url === undefined ? 'strip' : 'permalink',
  };
  return complete(repository, answers, input);
}

/** What follows from the releases: which files there are, and how they write links. */
async function complete(
  repository: Repository,
  answers: InitAnswers,
  input: InitInput,
): Promise<InitAnswers> {
  const oids = await lookAt(repository, answers);
  const known = answers.source === '' ? input.source : answers.source;
  const source = known ?? proposeSource([...oids.keys()]);
  return withLinks({ ...answers, source }, await styleOf(repository, oids, source));
}

function withLinks(
  { links: _links, ...answers }: InitAnswers,
  links: string | undefined,
): InitAnswers {
  return links === undefined ? answers : { ...answers, links };
}

async function styleOf(
  repository: Repository,
  oids: ReadonlyMap<string, string>,
  source: string,
): Promise<string | undefined> {
  if (checkGlob(source) !== undefined) return undefined;
  return findLinkStyle(globBase(source), new Set(oids.keys()), async (path) =>
    new TextDecoder().decode(await repository.readBlob(oids.get(path) ?? '')),
  );
}

/** What is wrong with answers, by the checks that the files are read with, and by what is there. */
async function findProblem(
  repository: Repository,
  answers: InitAnswers,
): Promise<string | undefined> {
  const [rule, configuration] = filesOf(answers);
  const [finding] = findingsIn(configuration, rule).filter(({ severity }) => severity === 'error');
  if (finding) return finding.message;
  const oids = await lookAt(repository, answers);
  if (oids.size > 0) {
    const matches = compileGlob(answers.source);
    if (![...oids.keys()].some(matches)) {
      return `no file matches ${JSON.stringify(answers.source)}`;
    }
  }
  const all = await repository.listReleases('**');
  const releases = await repository.listReleases(answers.releaseTags);
  if (all.length === 0 || releases.length > 0) return undefined;
  const [one] = all;
  return `no tag matches ${JSON.stringify(answers.releaseTags)}; there are tags like ${one?.tag}`;
}

/** Targets on this machine that are not where they are said to be. */
async function findMissing(cwd: string, { targets }: InitAnswers): Promise<InitTarget[]> {
  const missing: InitTarget[] = [];
  for (const target of targets) {
    if (
      forgeOf(target.location) !== 'embedded' ||
      /^[a-z+]+:|^[^/]+@[^/]+:/i.test(target.location)
    ) {
      continue;
    }
    const found = await stat(resolve(cwd, target.location)).catch(() => undefined);
    if (!found) missing.push(target);
  }
  return missing;
}

/** Far more than a person writes. */
const MAX_IMPORTED = 1024 * 1024;

/** Writes what carries the configuration of repo-file-sync-action over, and says what it cannot. */
async function carryOver(
  cwd: string,
  repository: Repository,
  from: string,
  namespace: string | undefined,
): Promise<CommandResult> {
  const { name } = await identifySource(repository);
  const { files, notes } = importSyncFile(await readImported(cwd, from), {
    file: from,
    namespace: namespace ?? nameFrom(basename(name)),
    branch: (await repository.defaultBranch()) ?? 'main',
  });
  const [rules, configuration] = files as [InitFile, InitFile];
  checkFiles(configuration, rules);
  await writeNew(cwd, files);
  return {
    exitCode: 0,
    document: { files: files.map(({ path }) => path), notes },
    text: () => renderCarriedOver(files, notes),
  };
}

async function readImported(cwd: string, from: string): Promise<string> {
  const path = resolve(cwd, from);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) {
    throw new CliError('bad-argument', `--from: there is no file ${from}`, {
      hint: 'name the sync.yml of repo-file-sync-action, often .github/sync.yml',
    });
  }
  if (found.size > MAX_IMPORTED) {
    throw new CliError(
      'bad-argument',
      `--from: ${from} has ${found.size} bytes, expected at most ${MAX_IMPORTED}`,
    );
  }
  return readFile(path, 'utf8');
}

async function openHere(context: CommandContext): Promise<Repository> {
  const { cwd } = context.surroundings;
  try {
    return await openRepository(cwd, openOptions(context.surroundings));
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'not-a-repository') throw error;
    throw new CliError('not-in-repository', `${cwd} is not the root of a git repository`, {
      cause: error,
      hint: 'run it at the root of the repository that owns the canonical files, or make one with: git init',
    });
  }
}

async function refuseExisting(path: string, name: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!found) return;
  throw new CliError('file-exists', `${name} is there already`, {
    hint: 'edit it, or delete it to begin anew',
  });
}

function nameFrom(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'holdfast'
  );
}

function filesOf(answers: InitAnswers): [rule: InitFile, configuration: InitFile] {
  const { targets, namespace } = answers;
  const own = targets.length === 1 ? `${nameFrom(targets[0].name.split('/').at(-1) ?? '')}-` : '';
  const id = `${own}${nameFrom(namespace)}`;
  return [
    { path: `rules/${id}.yaml`, text: ruleText(id, answers) },
    { path: CONFIGURATION_FILE, text: configurationText(answers) },
  ];
}

async function writeFiles(cwd: string, answers: InitAnswers): Promise<InitFile[]> {
  const [rule, configuration] = filesOf(answers);
  checkFiles(configuration, rule);
  const files = [...schemaFiles(), rule, configuration];
  await writeNew(cwd, files);
  return [rule, configuration, ...schemaFiles()];
}

/** Writes files that must not be there yet. */
async function writeNew(cwd: string, files: readonly InitFile[]): Promise<void> {
  for (const { path } of files) await refuseExisting(join(cwd, path), path);
  for (const { path, text } of files) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text, { flag: 'wx' });
  }
}

/** What was answered goes through the same checks as what is read. */
function checkFiles(configuration: InitFile, rule: InitFile): void {
  const findings = findingsIn(configuration, rule);
  if (!findings.some(({ severity }) => severity === 'error')) return;
  throw new CliError('bad-argument', 'an answer cannot be used; nothing was written', { findings });
}

function findingsIn(configuration: InitFile, rule: InitFile): Finding[] {
  const parsed = parseConfiguration(configuration.text, { file: configuration.path });
  const rules = parseRules(rule.text, { file: rule.path });
  const findings = [...findingsOf(parsed), ...findingsOf(rules)];
  if (parsed.kind === 'parsed' && rules.kind === 'parsed') {
    for (const one of checkRules(rules.value, parsed.value)) findings.push(one);
  }
  return findings;
}

function findingsOf(parsed: Parsed<unknown>): Finding[] {
  return parsed.kind === 'invalid' ? [...parsed.findings] : [];
}
