export { checkPath, type PathProblem } from './check-path.js';
export { compareText } from './compare-text.js';
export { digestOf } from './digest-of.js';
export type { DataProblem, DataProblemCode, DataText, DataValue } from './data-text.js';
export {
  applyEdits,
  composeMaps,
  mapEdits,
  mapToSource,
  sortEdits,
  type Edit,
  type MappedEdit,
  type SourceMap,
} from './edits.js';
export type { FileMode } from './file-mode.js';
export { foldersOf } from './folders-of.js';
export { hashBlob, hashSha256 } from './hash.js';
export { formatPointer, parsePointer, type KeyPath } from './json-pointer.js';
export { lineEndingOf } from './line-ending.js';
export { indexLines, type LineIndex } from './line-index.js';
export { findPathCollisions, type PathCollision } from './path-collisions.js';
export type { Position, Range, Span } from './place.js';
export { readJson, type ReadJsonOptions } from './read-json.js';
export { readYaml, type ReadYamlOptions } from './read-yaml.js';
export { decodeText, encodeText } from './utf8.js';
