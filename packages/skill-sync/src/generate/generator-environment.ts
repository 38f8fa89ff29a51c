import { delimiter, dirname } from 'node:path';
import { joinPatterns } from '../store/key-pattern.js';
import type { StoreLocation } from '../store/locate-store.js';
import type { SoundSkill } from './inspect-skill-state.js';
import type { Staging } from './staging.js';

/** Where commands are found when the caller's environment does not say. */
const usualPath = '/usr/local/bin:/usr/bin:/bin';

export interface GeneratorSurroundings {
  /** The caller's environment, of which PATH, HOME and TMPDIR are passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly location: StoreLocation;
  /** Folders of skills and allowed folders of outputs, for what a generator starts itself. */
  readonly folders?: readonly string[] | undefined;
  readonly outputRoots?: readonly string[] | undefined;
}

/**
 * All that a generator sees: the published variables, where the store is, and what a program needs to
 * run at all. The locale and the time zone are fixed, so that dates come out alike on every machine.
 */
export function generatorEnvironment(
  skill: SoundSkill,
  { file, commands, failures }: Staging,
  surroundings: GeneratorSurroundings,
): Record<string, string> {
  const { environment, location, folders = [], outputRoots = [] } = surroundings;
  const { PATH = usualPath, HOME, TMPDIR } = environment;
  return {
    SYNC_OUTPUT_FILE: file,
    SYNC_TARGET_FILE: skill.manifest.outputFile,
    SYNC_PATTERNS: joinPatterns(skill.manifest.patterns),
    SKILL_DIR: skill.directory,
    ...(location.kind === 'named'
      ? { HOLDFAST_STATE_DB: location.file }
      : { HOLDFAST_DATA_DIR: dirname(location.file) }),
    HOLDFAST_FAILED_QUERIES: failures,
    HOLDFAST_GENERATING: [environment['HOLDFAST_GENERATING'], skill.name].filter(Boolean).join('/'),
    PATH: `${commands}${delimiter}${PATH || usualPath}`,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    ...(folders.length > 0 ? { HOLDFAST_SKILLS: folders.join(delimiter) } : {}),
    ...(outputRoots.length > 0 ? { HOLDFAST_OUTPUT_ROOT: outputRoots.join(delimiter) } : {}),
    ...(HOME ? { HOME } : {}),
    ...(TMPDIR ? { TMPDIR } : {}),
  };
}
