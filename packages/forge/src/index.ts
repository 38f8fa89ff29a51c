export type {
  ChangeRequest,
  ChangeRequestDetails,
  Comment,
  RequestState,
} from './change-request.js';
export { createEmbeddedForge } from './create-embedded-forge.js';
export type { Actor, EmbeddedForgeOptions } from './embedded-forge-options.js';
export { fitBody } from './fit-body.js';
export {
  ForgeError,
  type Blame,
  type ForgeErrorCode,
  type ForgeErrorDetails,
} from './forge-error.js';
export type {
  CloseOptions,
  CloseOutcome,
  CommentOutcome,
  Forge,
  MergeOptions,
  MergeOutcome,
  NewComment,
  NewRequest,
  OpenOutcome,
  ReopenOutcome,
  RequestChange,
  RequestFilter,
  UpdateOutcome,
} from './forge.js';
export type { MergedFile, MergeFile, MergeInput } from './merge-trees.js';
export { neutralizeReferences } from './neutralize-references.js';
export type {
  FileMode,
  ForgeRepository,
  NewCommit,
  RefUpdate,
  Signature,
  TreeChange,
  TreeDifference,
  TreeEntry,
  UpdateRefsOutcome,
} from './repository-port.js';
