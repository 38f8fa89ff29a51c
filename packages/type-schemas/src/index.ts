export type { SchemaState } from './compare-schemas.js';
export { compareWithExtraction, compareWithSources } from './compare-schemas.js';
export type { ExtractOptions, Extraction } from './extract-schemas.js';
export { extractSchemas } from './extract-schemas.js';
export type { SchemaErrorCode, SchemaFinding } from './schema-error.js';
export { SchemaError } from './schema-error.js';
export type { ExtractTextsOptions } from './extract-from-texts.js';
export { extractFromTexts } from './extract-from-texts.js';
