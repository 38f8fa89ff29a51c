import type { LinkPolicy } from './decide-link.js';
import type { PathPrefix } from './rewrite-prefix.js';

/** Where `rewrite_paths` looks: link destinations, code spans that are a path, all other text. */
export type RewritePlace = 'links' | 'code_spans' | 'text';

/** `rewrite_paths`: a path prefix of the source, and what it is in the target. */
export interface RewritePathsSettings extends PathPrefix {
  /** Default: `['links', 'code_spans']`. */
  in?: readonly RewritePlace[] | undefined;
}

/** One entry of a rule's `transforms`, spelled as in the rule file. */
export interface TransformSettings {
  strip_internal_links?: boolean | undefined;
  undelivered_links?: LinkPolicy | undefined;
  rewrite_paths?: RewritePathsSettings | readonly RewritePathsSettings[] | undefined;
}

/** How a rule delivers. */
export type Strategy = 'copy' | 'template' | 'reference';

/** What a pipeline is made of: a rule's `strategy` and `transforms`, and the configuration's `namespace`. */
export interface PipelineSettings {
  /** Default: `copy`. */
  strategy?: Strategy | undefined;
  /** Default: none. */
  transforms?: readonly TransformSettings[] | undefined;
  /** Names the header and the version tag. Default: `holdfast`. */
  namespace?: string | undefined;
}
