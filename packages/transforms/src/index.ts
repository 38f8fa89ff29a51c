export {
  type Edit,
  type MappedEdit,
  mapToSource,
  type SourceMap,
  type FileMode,
} from '@holdfast/text';
export type { DocumentScan, ScannedBy } from './scan-markdown.js';
export { findLinks, type MarkdownLink } from './find-links.js';
export type { Finding, Position, Range } from '@holdfast/findings';
export {
  createLinkMap,
  type LinkedDelivery,
  type LinkMap,
  type LinkMapOptions,
  type LinkResolution,
} from './link-map.js';
export type { MarkdownScan, ScannedLink, Span } from './markdown-scan.js';
export type { LinkPolicy } from './decide-link.js';
export { fileKind, type FileKind } from './file-kind.js';
export type { HeaderSettings } from './header.js';
export { permalink } from './permalink.js';
export type { RenameSettings } from './rename.js';
export type { ReplaceSettings } from './replace.js';
export type { TemplateSettings } from './template.js';
export type { VersionTagSettings } from './version-tag.js';
export type {
  PipelineSettings,
  RewritePathsSettings,
  RewritePlace,
  Strategy,
  TransformSettings,
} from './pipeline-settings.js';
export { createPipeline, type Pipeline, type ReverseResult } from './pipeline.js';
export { TransformError, type TransformErrorCode } from './transform-error.js';
export type {
  ApplyResult,
  ContextPart,
  LinkChange,
  LocalFinding,
  LocatedLinkChange,
  NotApplied,
  NotAppliedReason,
  Transform,
  TransformContext,
  TransformFile,
  TransformInput,
  TransformResult,
  TransformSource,
} from './transform.js';
