import * as z from 'zod';
import { Configuration } from './configuration.js';
import { ManifestShape } from './manifest-schema.js';
import { RuleDocument } from './sync-rule.js';

/** A JSON Schema (draft-07, which editors know best), as plain data. */
export type JsonSchema = Record<string, unknown>;

/**
 * The JSON Schema of `holdfast.yaml`, for completion and hints in editors. It is wider than
 * `parseConfiguration`, which also checks patterns, paths and names.
 */
export function configurationJsonSchema(): JsonSchema {
  return describe('Holdfast configuration', Configuration);
}

/** The JSON Schema of one document of a rule file; wider than `parseRules` in the same way. */
export function ruleJsonSchema(): JsonSchema {
  return describe('Holdfast sync rule', RuleDocument);
}

/** The JSON Schema of the manifest that a rule leaves in a target; `parseManifest` also checks its paths. */
export function manifestJsonSchema(): JsonSchema {
  return describe('Holdfast manifest', ManifestShape);
}

function describe(title: string, schema: z.ZodType): JsonSchema {
  return { title, ...z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }) };
}
