export type {
  ChangeRequest,
  ChangeRequestDetails,
  Comment,
  RequestState,
} from './change-request.js';
export {
  createEmbeddedForge,
  type Actor,
  type EmbeddedForgeOptions,
  type MergedFile,
  type MergeInput,
} from './create-embedded-forge.js';
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
