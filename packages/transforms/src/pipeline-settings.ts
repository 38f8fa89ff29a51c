import type { LinkStyle } from './page-link.js';
import type { LinkPolicy } from './decide-link.js';
import type { HeaderSettings } from './header.js';
import type { RenameSettings } from './rename.js';
import type { ReplaceSettings } from './replace.js';
import type { PathPrefix } from './rewrite-prefix.js';
import type { TemplateSettings } from './template.js';
import type { VersionTagSettings } from './version-tag.js';

/** Where `rewrite_paths` looks: link destinations, code spans that are a path, all other text. */
export type RewritePlace = 'links' | 'code_spans' | 'text';

/** `rewrite_paths`: a path prefix of the source, and what it is in the target. */
export interface RewritePathsSettings extends PathPrefix {
  /** Default: `['links', 'code_spans']`. */
  in?: readonly RewritePlace[] | undefined;
}

/** One entry of a rule's `transforms`, spelled as in the rule file; usually with one key. */
export interface TransformSettings {
  /** `true`: links to what is not delivered, or internal, are removed. `false`: links are kept. */
  strip_internal_links?: boolean | undefined;
  /** Another fate for links to what is not delivered; internal files are never linked to. */
  undelivered_links?: LinkPolicy | undefined;
  rewrite_paths?: RewritePathsSettings | readonly RewritePathsSettings[] | undefined;
  header?: boolean | HeaderSettings | undefined;
  version_tag?: boolean | VersionTagSettings | undefined;
  replace?: ReplaceSettings | readonly ReplaceSettings[] | undefined;
  rename?: RenameSettings | readonly RenameSettings[] | undefined;
  /** Only with the strategy `template`. */
  template?: TemplateSettings | undefined;
}

/** How a rule delivers. */
export type Strategy = 'copy' | 'template' | 'reference';

/** What a pipeline is made of: a rule's `strategy` and `transforms`, and the configuration's `namespace`. */
export interface PipelineSettings {
  /** How the documents write links. Default `files`. */
  links?: LinkStyle | undefined;
  /** Default: `copy`. */
  strategy?: Strategy | undefined;
  /** Default: none. */
  transforms?: readonly TransformSettings[] | undefined;
  /** Names the header and the version tag. Default: `holdfast`. */
  namespace?: string | undefined;
}
