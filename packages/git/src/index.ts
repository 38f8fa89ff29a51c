export { askGit, firstLine, readGit, type AskOptions, type GitAnswer } from './program/ask-git.js';
export { GitError, type Blame, type GitErrorCode, type GitErrorDetails } from './git-error.js';
export { isLfsPointer } from './lfs-pointer.js';
export type { Limits, Timeouts } from './limits.js';
export {
  normalizeLocation,
  parseLocation,
  resolveLocation,
  type Location,
  type Protocol,
} from './location.js';
export { hostCredentials, type Credentials, type CredentialSource } from './credentials.js';
export { openRepository, type OpenOptions } from './open-repository.js';
export type { Environment } from './program/git-environment.js';
export type { Notice } from './notice.js';
export { redact, redactValue } from './redact.js';
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
