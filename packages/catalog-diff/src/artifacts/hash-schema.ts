import { hashSha256 } from '@holdfast/text';
import { canonicalJson } from '../schema/canonical-json.js';
import { isObject, ownValue, type Json } from '../schema/json.js';
import type { SchemaHashes } from './artifact-schemas.js';

/** The SHA-256 of a schema, in hexadecimal, whatever the order of its keys. */
export function hashSchema(schema: Json): string {
  return hashSha256(canonicalJson(schema));
}

/** The hashes of a tool's schemas, input and output apart. */
export function hashSchemas(tool: {
  readonly inputSchema?: Json | undefined;
  readonly outputSchema?: Json | undefined;
}): SchemaHashes {
  const { inputSchema, outputSchema } = tool;
  return {
    input: inputSchema === undefined ? null : hashSchema(inputSchema),
    output: outputSchema === undefined || outputSchema === null ? null : hashSchema(outputSchema),
  };
}

/** The hashes of the tools of a server that can be read. */
export function hashTools(tools: readonly Json[]): (SchemaHashes & { tool: string })[] {
  return tools.flatMap((tool) => {
    const name = isObject(tool) ? ownValue(tool, 'name') : undefined;
    if (!isObject(tool) || typeof name !== 'string' || name === '') return [];
    const inputSchema = ownValue(tool, 'inputSchema');
    const outputSchema = ownValue(tool, 'outputSchema');
    return [{ tool: name, ...hashSchemas({ inputSchema, outputSchema }) }];
  });
}

export function isSameSchemas(left: SchemaHashes, right: SchemaHashes): boolean {
  return left.input === right.input && left.output === right.output;
}
