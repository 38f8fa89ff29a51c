import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { checkRules, parseConfiguration, parseRules, targetRules } from '@holdfast/manifest';
import type { Configuration, Finding, LocatedRule, TargetRule } from '@holdfast/manifest';
import fastGlob from 'fast-glob';
import { FleetError } from '../fleet-error.js';

/** The file that is searched for. */
export const CONFIGURATION_FILE = 'holdfast.yaml';

/** Far more than a person writes; more is not read into memory. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The finding that there is no rule at all. */
const NO_RULE_FILES = 'no-rule-files';

/** A configuration with its rules, parsed and checked. */
export interface ReadConfiguration {
  /** The folder of the configuration: paths in it and in its rules are relative to this. */
  readonly folder: string;
  readonly configuration: Configuration;
  /** The rules as they apply: one for each rule and target. */
  readonly rules: readonly TargetRule[];
  /** What is odd and no reason to stop. */
  readonly warnings: readonly Finding[];
}

/** How to read a configuration. */
export interface ReadOptions {
  /** Whether it is wrong that there is no rule. Default true. */
  readonly rulesRequired?: boolean;
  /** Adds the targets that `targets_from` finds; without it, there are those alone that are written. */
  readonly findTargets?: (
    configuration: Configuration,
    place: { readonly folder: string; readonly file: string },
  ) => Promise<{ readonly configuration: Configuration; readonly warnings: readonly Finding[] }>;
}

/**
 * Reads the configuration (the named file, or the nearest `holdfast.yaml` from `cwd` upward) and its
 * rule files. Everything that is wrong comes at once. That there is no rule is wrong unless
 * `rulesRequired` is false.
 *
 * @throws FleetError `no-configuration`, or `invalid-configuration` with the findings.
 */
export async function readConfiguration(
  cwd: string,
  named: string | undefined,
  { rulesRequired = true, findTargets }: ReadOptions = {},
): Promise<ReadConfiguration> {
  const path = await findConfiguration(cwd, named);
  const folder = dirname(path);
  const file = basename(path);
  const parsed = parseConfiguration(await readConfigurationFile(path, named), { file });
  if (parsed.kind === 'invalid') throw invalid(parsed.findings);
  const found = await findTargets?.(parsed.value, { folder, file });
  const { configuration = parsed.value, warnings = [] } = found ?? {};

  const { rules, findings } = await readRules(folder, file, configuration.rules);
  const wrong = findings.filter(({ ruleId }) => rulesRequired || ruleId !== NO_RULE_FILES);
  const all = [...wrong, ...checkRules(rules, configuration), ...warnings];
  if (all.some(({ severity }) => severity === 'error')) throw invalid(all);
  return { folder, configuration, rules: targetRules(rules, configuration), warnings: all };
}

/** The path of the named configuration, or of the nearest one from `cwd` upward. */
export async function findConfiguration(cwd: string, named: string | undefined): Promise<string> {
  return named === undefined ? findUpward(cwd) : resolve(cwd, named);
}

async function findUpward(cwd: string): Promise<string> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, CONFIGURATION_FILE);
    if (await exists(path)) return path;
    if (folder === dirname(folder)) break;
  }
  throw new FleetError(
    'no-configuration',
    `there is no ${CONFIGURATION_FILE} in ${cwd}, nor in a folder above it`,
    { hint: 'write one with: holdfast init, or name one with --config FILE' },
  );
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );
}

async function readConfigurationFile(path: string, named: string | undefined): Promise<string> {
  try {
    return await readText(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EISDIR') throw error;
    throw new FleetError('no-configuration', `--config: there is no file ${named ?? path}`, {
      cause: error,
      hint: 'name the configuration file itself, not its folder',
    });
  }
}

interface RulesRead {
  readonly rules: LocatedRule[];
  readonly findings: Finding[];
}

async function readRules(
  folder: string,
  file: string,
  patterns: readonly string[],
): Promise<RulesRead> {
  const files = await findRuleFiles(folder, patterns);
  const rules: LocatedRule[] = [];
  const findings: Finding[] = [];
  if (files.length === 0) findings.push(noRuleFile(file, patterns));
  for (const { path, linked } of files) {
    const problem = linked ? await checkLink(folder, path) : undefined;
    if (problem !== undefined) {
      findings.push(badLink(path, problem));
      continue;
    }
    const parsed = parseRules(await readText(join(folder, path)), { file: path });
    if (parsed.kind === 'parsed') for (const one of parsed.value) rules.push(one);
    else for (const one of parsed.findings) findings.push(one);
  }
  return { rules, findings };
}

interface RuleFile {
  readonly path: string;
  readonly linked: boolean;
}

/** Rule files by path, sorted; linked folders are not entered. */
export async function findRuleFiles(
  folder: string,
  patterns: readonly string[],
): Promise<RuleFile[]> {
  const entries = await fastGlob([...patterns], {
    cwd: folder,
    dot: true,
    onlyFiles: false,
    followSymbolicLinks: false,
    objectMode: true,
    ignore: ['**/.git/**', '**/node_modules/**'],
  });
  return entries
    .filter(({ dirent }) => dirent.isFile() || dirent.isSymbolicLink())
    .map(({ path, dirent }) => ({ path, linked: dirent.isSymbolicLink() }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A rule file that is a link must lead to a file within the folder of the configuration. */
async function checkLink(folder: string, path: string): Promise<string | undefined> {
  const target = await realpath(join(folder, path)).catch(() => undefined);
  if (target === undefined) return 'leads nowhere';
  if (!isWithin(await realpath(folder), target))
    return 'leads out of the folder of the configuration';
  return (await stat(target)).isFile() ? undefined : 'leads to a folder';
}

function badLink(path: string, problem: string): Finding {
  return {
    ruleId: 'rule-file-link',
    severity: 'error',
    path,
    message: `is a symbolic link that ${problem}; put the rule file itself there`,
  };
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

async function readText(path: string): Promise<string> {
  const found = await stat(path);
  // A device or a pipe may never end; a folder is told by who reads it.
  if (!found.isFile() && !found.isDirectory()) {
    throw new FleetError('invalid-configuration', `${path} is no regular file`, {
      hint: 'name a file; what stands in a pipe can be written to one first',
    });
  }
  const { size } = found;
  if (size > MAX_BYTES) {
    throw new FleetError(
      'invalid-configuration',
      `${path} has ${size} bytes, expected at most ${MAX_BYTES}`,
    );
  }
  return readFile(path, 'utf8');
}

function noRuleFile(path: string, patterns: readonly string[]): Finding {
  return {
    ruleId: NO_RULE_FILES,
    severity: 'error',
    path,
    message: `rules matches no file: ${patterns.map((pattern) => JSON.stringify(pattern)).join(', ')}; write a rule file there, or correct the patterns`,
    data: { patterns },
  };
}

function invalid(findings: readonly Finding[]): FleetError {
  const count = findings.filter(({ severity }) => severity === 'error').length;
  return new FleetError(
    'invalid-configuration',
    `the configuration has ${count} ${count === 1 ? 'error' : 'errors'}`,
    { findings },
  );
}
