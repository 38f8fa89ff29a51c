export type {
  ChangeRequest,
  ChangeRequestDetails,
  Comment,
  ListedRequest,
  RequestCheck,
  RequestReadiness,
  RequestState,
} from './port/change-request.js';
export { findOwners, ownersFileLimit, ownersPlaces } from './codeowners/find-owners.js';
export { createEmbeddedForge } from './embedded/create-embedded-forge.js';
export type { Actor, EmbeddedForgeOptions } from './embedded/embedded-forge-options.js';
export { fitBody } from './text/fit-body.js';
export { fitRequest, type RequestParts } from './text/fit-request.js';
export {
  ForgeError,
  type Blame,
  type ForgeErrorCode,
  type ForgeErrorDetails,
} from './port/forge-error.js';
export type {
  CloseOptions,
  CloseOutcome,
  CommentOutcome,
  Forge,
  ForgeKind,
  MergeMethod,
  MergeOptions,
  MergeOutcome,
  NewComment,
  NewRequest,
  Note,
  OpenOutcome,
  ReopenOutcome,
  RequestChange,
  RequestFilter,
  ServerForgeKind,
  UpdateOutcome,
} from './port/forge.js';
export type { MergedFile, MergeFile, MergeInput } from './embedded/merge-trees.js';
export { neutralizeReferences } from './text/neutralize-references.js';
export type {
  ForgeRepository,
  NewCommit,
  RefUpdate,
  Signature,
  TreeChange,
  UpdateRefsOutcome,
} from './embedded/repository-port.js';
export type { ForgeLimits } from './port/forge-limits.js';
export type { ForgeRelease, Issue, IssueOutcome, IssueTracker, NewIssue } from './port/issue.js';
export type { FileMode, TreeDifference, TreeEntry } from './port/tree-difference.js';
export {
  gitUserName,
  tokenAuthorization,
  tokenKind,
  type TokenKind,
} from './auth/token-authorization.js';
export { createAnswerCache, type AnswerCache } from './client/answer-cache.js';
export type { Answer } from './client/answer.js';
export type { Authorization, ClientOptions, ForgeClient } from './client/forge-client.js';
export type { Call } from './client/call.js';
export { createHostGate, type GateOptions, type HostGate } from './client/host-gate.js';
export {
  defaultApiUrl,
  parseRepositoryPlace,
  type RepositoryPlace,
} from './remote/repository-place.js';
export type { DiffRepository } from './remote/remote-forge-options.js';
export type { ServerForgeOptions } from './remote/server-forge-options.js';
export { createServerClient, openServerForge } from './server/open-server-forge.js';
export {
  createAppAuthorization,
  type AppAuthorization,
  type AppOptions,
} from './auth/app-authorization.js';
export type { HostAccess, RepositoryAccess } from './remote/access.js';
export type { FoundRepository, RepositoryQuery } from './remote/found-repository.js';
export { checkHostAccess, checkRepositoryAccess } from './server/check-access.js';
export { discoverRepositories } from './server/discover-repositories.js';
