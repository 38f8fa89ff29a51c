export {
  adopt,
  adoptAll,
  emptyStatus,
  pruneStatus,
  type Adoption,
  type AdoptionEffect,
  type AdoptionEvent,
  type AdoptionThresholds,
} from './adopt.js';
export {
  phases,
  stateOfPhase,
  switchesOf,
  type Phase,
  type PhaseEvidence,
  type PhaseState,
  type PhaseSwitches,
} from './phases.js';
export { renderedEvents, type ToolEvent } from './rendered-events.js';
