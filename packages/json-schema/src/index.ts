export {
  createSchemaCompiler,
  type Compilation,
  type CompiledSchema,
  type CompilerOptions,
  type SchemaSource,
} from './compile-schema.js';
export type { SchemaError, Verdict } from './decide.js';
export { dialectOf, metaSchemaUris, type Dialect } from './dialect.js';
export type { RunWithin, SchemaLimits } from './limits.js';
export { rangesOfProperty, type CodePointRange } from './ranges-of-property.js';
export {
  findReferences,
  withAbsoluteId,
  type OutsideReference,
  type SchemaReferences,
} from './references.js';
export type { SchemaProblem } from './schema-problem.js';
