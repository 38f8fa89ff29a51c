import type { Finding } from '@holdfast/findings';
import type { OutputFormat, SyncManifest } from './sync-manifest.js';

/** Where a skill is. */
export interface SkillPlace {
  /** The name of its folder. */
  readonly name: string;
  /** Its folder, absolute, as it was found. */
  readonly directory: string;
  /** Its folder with symlinks followed. */
  readonly realDirectory: string;
}

/** A skill that has a `SYNC.json`. */
export interface Skill extends SkillPlace {
  /** Everything that is wrong with it; with an error among them it is not run. */
  readonly findings: readonly Finding[];
  /** What it declares; absent when that cannot be read. */
  readonly manifest?: SyncManifest;
  /** Its programs and templates, with symlinks followed; absent when there is an error. */
  readonly parts?: SkillParts;
}

/** The files of a skill that are used. */
export interface SkillParts {
  readonly manifestFile: string;
  /** The generator or the template. */
  readonly makerFile: string;
  readonly parserFile?: string;
  /** The first one is `outputFile`. */
  readonly outputs: readonly SkillOutput[];
}

/** A file that a skill's rows are rendered to. */
export interface SkillOutput {
  /** As the manifest names it. */
  readonly file: string;
  /** Where it is, with symlinks followed. */
  readonly target: string;
  readonly format: OutputFormat;
  /** The template that it has for its own. */
  readonly templateFile?: string;
}
