import type { Range } from '@holdfast/text';
import type { ArtifactStatus } from './artifact.js';
import type { RuleId } from './rules.js';

/** What a judge has to say, before configuration and baseline have their say. */
export interface Issue {
  readonly rule: RuleId;
  /** The file of the artifact that it is about; absent: the artifact as a whole. */
  readonly path?: string;
  readonly range?: Range;
  readonly message: string;
  /** Stable facts for programs. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** What to do here; default: what the rule says. */
  readonly hint?: string;
  /** What this case of the rule makes of the file; default: what the rule says. */
  readonly status?: ArtifactStatus;
}

/** What a judge found of one artifact: its files, whether or not anything is wrong with them. */
export interface Judgement {
  readonly files: readonly string[];
  readonly issues: readonly Issue[];
  /** For an artifact that is neither there nor missing. */
  readonly deferred?: string;
  /** Files that cannot be right yet, and why. */
  readonly deferredFiles?: ReadonlyMap<string, string>;
  /** In a few words, why the status is what it is. */
  readonly note?: string;
}
