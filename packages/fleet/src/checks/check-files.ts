import { realpath } from 'node:fs/promises';
import { checkDenyPattern, validate } from '@holdfast/validation';
import type { ValidationReport } from '@holdfast/validation';
import { viewTree } from '../files/local-tree.js';
import type { LocalTree } from '../files/local-tree.js';
import { withScope } from '../files/open-scope.js';
import type { ScopeInput } from '../files/open-scope.js';
import { FleetError } from '../fleet-error.js';
import { findTargets } from '../forges/find-targets.js';
import { readConfiguration } from '../open/read-configuration.js';
import type { FleetSurroundings } from '../surroundings.js';
import { readSubject } from './check-subject.js';
import type { Subject } from './check-subject.js';
import { chooseChecks } from './choose-checks.js';
import type { CheckChoice } from './choose-checks.js';
import { createLiveCheck } from './live-check.js';
import type { LiveRun } from './live-check.js';
import { readLocalRules } from './local-rules.js';
import type { LocalRules } from './local-rules.js';

/** What is checked, and how. */
export interface CheckFilesInput extends ScopeInput, CheckChoice {
  /** Files, folders or patterns relative to the folder, `!pattern` to leave out; none: all. */
  readonly paths: readonly string[];
  /** Folders with JSON Schemas that files may name. */
  readonly schemas?: readonly string[];
  /** Also send each model to the endpoint of the configuration. */
  readonly live?: true;
  /** Ask no endpoint, that of a catalogue neither. */
  readonly offline?: true;
  /** The path of the configuration; default: the nearest one upward, if there is any. */
  readonly config?: string;
}

/** What checking came to. */
export interface CheckedFiles {
  readonly report: ValidationReport;
  /** Why the endpoint of the live check could not be asked. */
  readonly failure?: FleetError;
}

/** Runs the checks on a work tree, on what is staged, or on the commits of a range. Writes nothing. */
export async function checkFiles(
  surroundings: FleetSurroundings,
  input: CheckFilesInput,
): Promise<CheckedFiles> {
  await checkPatterns(input.deny ?? [], '--deny');
  return withScope(surroundings, input, async (scope) => {
    const cwd = await realpath(surroundings.cwd);
    const rules = await readRules(surroundings, input.config, scope.tree);
    for (const { deny } of rules.scans) await checkPatterns(deny, 'validation.deny:');
    const general = input.live ? prepareLive(rules, surroundings) : [];
    const asks = asksCatalogues(input, scope.onDisk);
    const subject = await readSubject(scope, input.paths, { cwd, schemas: input.schemas ?? [] });
    const checks = chooseChecks(subject, rules, input);
    const live = [...general, ...(asks ? catalogueLive(rules, surroundings, subject) : [])];
    const report = await validate(subject.files, [...checks, ...live.map(({ check }) => check)], {
      ruleId: 'local',
      runAt: surroundings.clock(),
      sourceVersion: scope.tree.name,
      tree: viewTree(subject.tree),
    });
    const failure = live.map((run) => run.failure()).find((one) => one !== undefined);
    return { report, ...(failure ? { failure } : {}) };
  });
}

async function checkPatterns(patterns: readonly string[], where: string): Promise<void> {
  for (const pattern of patterns) {
    const wrong = await checkDenyPattern(pattern);
    if (wrong === undefined) continue;
    throw new FleetError(
      'bad-argument',
      `${where} ${JSON.stringify(pattern)} is no pattern: ${wrong}`,
      { hint: 'write it in RE2 syntax, https://github.com/google/re2/wiki/Syntax' },
    );
  }
}

/** Without a configuration there is nothing to add. */
async function readRules(
  surroundings: FleetSurroundings,
  config: string | undefined,
  { root }: LocalTree,
): Promise<LocalRules> {
  try {
    const read = await readConfiguration(surroundings.cwd, config, {
      rulesRequired: false,
      // What the forges listed last: a check of files asks nobody.
      findTargets: (configuration, place) =>
        findTargets(configuration, { ...place, ask: false }, surroundings),
    });
    return await readLocalRules(read, root);
  } catch (error) {
    const none = error instanceof FleetError && error.code === 'no-configuration';
    if (none && config === undefined) return { scans: [], schemas: [], catalogues: [] };
    throw error;
  }
}

function prepareLive(
  { live, schemas, catalogues, models: isNamed }: LocalRules,
  { environment, signal }: FleetSurroundings,
): LiveRun[] {
  if (!live) {
    if (catalogues.some(({ settings }) => settings.validation.live)) return [];
    throw new FleetError(
      'bad-argument',
      '--live needs an endpoint, and the configuration names none',
      {
        hint: 'name it in holdfast.yaml as validation: { live: { url: … } }',
      },
    );
  }
  const isBound = (path: string) => schemas.some(({ files }) => files(path));
  return [
    createLiveCheck(live, {
      environment,
      signal,
      isNamed,
      isBound,
      id: 'live_check',
      key: 'validation.live',
    }),
  ];
}

/** What is staged or committed is checked without a network, unless it is asked for. */
function asksCatalogues({ live, offline, check, skip }: CheckFilesInput, onDisk: boolean): boolean {
  if (live) return true;
  const chosen = (check?.includes('catalogue_check') ?? true) && !skip?.includes('catalogue_check');
  return onDisk && !offline && chosen;
}

/** The endpoints of the catalogues that are looked at: naming one in the configuration asks it. */
function catalogueLive(
  { catalogues }: LocalRules,
  { environment, signal }: FleetSurroundings,
  { files }: Subject,
): LiveRun[] {
  return catalogues.flatMap(({ name, settings, isModel }) => {
    const { live } = settings.validation;
    if (!live || !files.some(({ path }) => isModel(path))) return [];
    const isBound = () => false;
    const key = `catalogues.${name}.validation.live`;
    return [
      createLiveCheck(live, {
        environment,
        signal,
        isNamed: isModel,
        isBound,
        id: `live_check_${name}`,
        key,
      }),
    ];
  });
}
