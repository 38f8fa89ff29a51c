export {
  readSource,
  type Aggregation,
  type Aggregations,
  type AggregateOperation,
  type Mapping,
  type Overrides,
  type RenderSource,
  type SourceReading,
  type ToolOverride,
} from './input-schemas.js';
export { expectedLive } from './expected-live.js';
export { keepAdopted } from './keep-adopted.js';
export {
  overrideTool,
  type Origin,
  type OverriddenTool,
  type OverrideLevel,
} from './override-tool.js';
export {
  aggregateServer,
  hashDescriptors,
  renderCatalog,
  type Rendering,
} from './render-catalog.js';
export { verifyCatalog } from './verify-catalog.js';
