export { GitError, type Blame, type GitErrorCode, type GitErrorDetails } from './git-error.js';
export { isLfsPointer } from './lfs-pointer.js';
export { normalizeLocation, redactLocation } from './location.js';
export type { Credentials, CredentialSource } from './credentials.js';
export { openRepository, type OpenOptions } from './open-repository.js';
export type { Environment } from './program/git-environment.js';
export type {
  Commit,
  EngineKind,
  FileMode,
  LogRange,
  NewCommit,
  Ref,
  RefUpdate,
  Release,
  Repository,
  Signature,
  Snapshot,
  SnapshotEntry,
  TreeChange,
  TreeDifference,
  TreeEntry,
  UpdateRefsOutcome,
  WrittenCommit,
} from './repository.js';
