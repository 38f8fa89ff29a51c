import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CONFIGURATION_FILE, identifySource, importSyncFile, openOptions } from '@holdfast/fleet';
import { openRepository } from '@holdfast/git';
import type { Repository } from '@holdfast/git';
import { checkRules, parseConfiguration, parseRules } from '@holdfast/manifest';
import type { Finding, Parsed } from '@holdfast/manifest';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import type { ExitCode } from '../exit-code.js';
import { renderCarriedOver, renderInitialised } from '../render/initialised.js';
import { readTarget } from './init-answers.js';
import type { InitAnswers, InitInput } from './init-answers.js';
import { configurationText, ruleText } from './init-files.js';
import { askQuestions } from './init-questions.js';

/**
 * `holdfast init`: writes `holdfast.yaml` and a first rule into the repository of the folder. Nothing
 * is overwritten, and nothing is written unless both files are valid.
 */
export async function init(context: CommandContext, input: InitInput): Promise<CommandResult> {
  const { surroundings } = context;
  const { cwd } = surroundings;
  const repository = await openHere(context);
  try {
    await refuseExisting(join(cwd, CONFIGURATION_FILE), CONFIGURATION_FILE);
    if (input.from !== undefined)
      return await carryOver(cwd, repository, input.from, input.namespace);
    const defaults = await defaultAnswers(cwd, repository, input);
    const answers = input.yes ? defaults : await askQuestions(defaults, input, surroundings);
    const files = await writeFiles(cwd, answers);
    const releases = await repository.listReleases(answers.releaseTags);
    return {
      exitCode: 0 satisfies ExitCode,
      document: { files: files.map(({ path }) => path), answers },
      text: () => renderInitialised(files, { answers, released: releases.length > 0 }),
    };
  } finally {
    await repository.close();
  }
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

async function defaultAnswers(
  cwd: string,
  repository: Repository,
  input: InitInput,
): Promise<InitAnswers> {
  const { name } = await identifySource(repository);
  const { target, location } = readTarget(input.target ?? 'org/example=../example.git');
  const namespace = input.namespace ?? nameFrom(basename(name));
  return {
    namespace,
    branch: (await repository.defaultBranch()) ?? 'main',
    releaseTags: await proposeReleaseTags(repository),
    source: input.source ?? ((await isFolder(join(cwd, 'docs'))) ? 'docs/**' : '**/*.md'),
    target,
    location,
    targetPath: input.targetPath ?? `docs/${namespace}/`,
  };
}

/** Tags like `v1.2.0`, unless the newest version there is is one of those like `1.2.0`. */
async function proposeReleaseTags(repository: Repository): Promise<string> {
  const [bare, prefixed] = ['[0-9]*', 'v[0-9]*'];
  const [[newest], [other], [all]] = await Promise.all([
    repository.listReleases(bare),
    repository.listReleases(prefixed),
    repository.listReleases('*'),
  ]);
  if (newest === undefined) return 'v*';
  if (other === undefined) return bare;
  return all?.tag === newest.tag ? bare : 'v*';
}

function nameFrom(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'holdfast'
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

interface InitFile {
  readonly path: string;
  readonly text: string;
}

async function writeFiles(cwd: string, answers: InitAnswers): Promise<InitFile[]> {
  const id = `${nameFrom(answers.target.split('/').at(-1) ?? '')}-${nameFrom(answers.namespace)}`;
  const files = [
    { path: `rules/${id}.yaml`, text: ruleText(id, answers) },
    { path: CONFIGURATION_FILE, text: configurationText(answers) },
  ];
  const [rule, configuration] = files as [InitFile, InitFile];
  checkFiles(configuration, rule);
  await writeNew(cwd, files);
  return files;
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
  const parsed = parseConfiguration(configuration.text, { file: configuration.path });
  const rules = parseRules(rule.text, { file: rule.path });
  const findings = [...findingsOf(parsed), ...findingsOf(rules)];
  if (parsed.kind === 'parsed' && rules.kind === 'parsed') {
    for (const one of checkRules(rules.value, parsed.value)) findings.push(one);
  }
  if (!findings.some(({ severity }) => severity === 'error')) return;
  throw new CliError('bad-argument', 'an answer cannot be used; nothing was written', { findings });
}

function findingsOf(parsed: Parsed<unknown>): Finding[] {
  return parsed.kind === 'invalid' ? [...parsed.findings] : [];
}
