export { dialectOf, metaSchemaUris, type Dialect } from './dialect.js';
export {
  findReferences,
  withAbsoluteId,
  type OutsideReference,
  type SchemaReferences,
} from './references.js';
