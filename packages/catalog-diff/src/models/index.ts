export {
  compareModels,
  sentenceOf,
  type ModelBreakage,
  type ModelChange,
  type ModelComparison,
} from './compare-models.js';
export {
  readModels,
  type Derivation,
  type Entity,
  type Model,
  type ModelFile,
  type Relationship,
} from './model.js';
