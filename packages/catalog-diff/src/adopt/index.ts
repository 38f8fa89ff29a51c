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
