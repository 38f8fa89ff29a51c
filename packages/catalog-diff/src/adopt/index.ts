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
export { phases, stateOfPhase, type PhaseEvidence, type PhaseState } from './phases.js';
export { renderedEvents, type ToolEvent } from './rendered-events.js';
