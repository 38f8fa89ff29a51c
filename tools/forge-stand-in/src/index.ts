export { createStandIn } from './create-stand-in.js';
export type { LoggedRequest, StandIn, StandInKind } from './create-stand-in.js';
export type { Fault, FaultKind, Faults } from './faults.js';
export type { GitRepository } from './git-repository.js';
export type { StoredComment, StoredItem, StoredRepository, World } from './world.js';
