import type { Finding, Range } from '@holdfast/findings';
import type { Edit, FileMode, SourceMap } from '@holdfast/text';
import type { FileKind } from './file-kind.js';
import type { LinkMap } from './link-map.js';
import type { DocumentScan } from './scan-markdown.js';

/** A file with its repository-relative path. */
export interface TransformFile {
  path: string;
  content: Uint8Array;
  mode: FileMode;
}

/** The release that files come from. */
export interface TransformSource {
  /** What manifests and change requests call it, such as `agent-33/AGENT-33`. */
  name: string;
  /** The release's tag, or what stands for it. */
  version: string;
  commit: string;
  /** Where the repository is found on the web or by git; permalinks need one with a host. */
  url?: string | undefined;
}

/** All that a transform may depend on beside the content and its settings. */
export interface TransformContext {
  /** Repository-relative, in the source. */
  sourcePath: string;
  /** Repository-relative, in the target, after {@link Pipeline.mapPath}. */
  targetPath: string;
  /** The rule's variables, those of the target over them. */
  variables: Readonly<Record<string, unknown>>;
  source: TransformSource;
  target: { repo: string; branch: string };
  ruleId: string;
  links: LinkMap;
}

/**
 * A part of the context: `paths` are the two paths, `links` the link map, `source` the source's name
 * and URL, `version` and `commit` the release's, `target` the target's repository and branch, `rule`
 * the rule's id.
 */
export type ContextPart =
  'paths' | 'links' | 'source' | 'version' | 'commit' | 'target' | 'rule' | 'variables';

/** A file's text, decoded, a byte order mark included, line endings as they are. */
export interface TransformInput {
  text: string;
  kind: FileKind;
  /** Reads the text as Markdown, once for all transforms that see the same text. */
  scan(): DocumentScan;
}

/** What became of one link. */
export interface LinkChange {
  action: 'rewritten' | 'stripped' | 'permalinked' | 'kept';
  /**
   * What the link leads to: `outside` of the repository, `missing` in the source at this release;
   * `written` is a path rewritten by its text alone.
   */
  reason: 'delivered' | 'undelivered' | 'internal' | 'missing' | 'outside' | 'written';
  url: string;
  /** The new destination. */
  to?: string;
  /** The source path that the link was resolved to. */
  sourcePath?: string;
  /** Where the link stood in the source's text: offsets in UTF-16 units. */
  start: number;
  end: number;
}

/** A link change with its place in the source, in lines and columns. */
export interface LocatedLinkChange extends LinkChange {
  range: Range;
}

/** A finding as a transform reports it: by offsets in its own input. */
export interface LocalFinding extends Omit<Finding, 'path' | 'range'> {
  start?: number;
  end?: number;
}

/** Why a transform left a file alone. */
export type NotAppliedReason =
  | 'not-a-regular-file'
  | 'not-utf8'
  | 'not-markdown'
  | 'no-comment-syntax'
  | 'too-large'
  | 'malformed';

/** What a transform did to one file. An empty list of edits is *unchanged*. */
export type TransformResult =
  | { kind: 'edited'; edits: Edit[]; findings?: LocalFinding[]; links?: LinkChange[] }
  | { kind: 'not-applied'; reason: NotAppliedReason; findings?: LocalFinding[] }
  | { kind: 'failed'; findings: LocalFinding[] };

/** One step of a pipeline: text in, edits out; no file system, no clock, no network. */
export interface Transform {
  /** As the rule file calls it. */
  readonly name: string;
  /** Whether there is an inverse, for files that {@link Pipeline.checkReverse} confirms it for. */
  readonly reversible: boolean;
  /** SHA-256 of the settings. */
  readonly digest: string;
  /** What of the context the output depends on. */
  readonly dependsOn: readonly ContextPart[];
  /** One line for plans. */
  describe(): string;
  transform(input: TransformInput, context: TransformContext): TransformResult;
  /** Present exactly if `reversible`. */
  reverse?(input: TransformInput, context: TransformContext): TransformResult;
}

/** A transform that left a file alone, and why. */
export interface NotApplied {
  name: string;
  reason: NotAppliedReason;
}

interface AppliedFile {
  path: string;
  content: Uint8Array;
  mode: FileMode;
  findings: Finding[];
  /** Names of the transforms that changed the content, in order. */
  applied: string[];
  notApplied: NotApplied[];
  /** From the source's text to the result's. */
  edits: SourceMap;
  /** Every link that a link transform changed, or kept although it leads nowhere. */
  links: LocatedLinkChange[];
}

/** What a pipeline made of a file. `unchanged` speaks of the content, which then is the very same array. */
export type ApplyResult =
  | ({ kind: 'transformed' } & AppliedFile)
  | ({ kind: 'unchanged' } & AppliedFile)
  | { kind: 'failed'; path: string; findings: Finding[] };
