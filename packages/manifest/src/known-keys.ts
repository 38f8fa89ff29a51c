import * as z from 'zod';
import type { KeyPath } from './read-yaml.js';

/** The keys that the schema knows at a path; where branches differ, those of all that are objects. */
export function knownKeys(schema: z.core.$ZodType, path: KeyPath): string[] {
  const keys = schemasAt(schema, path).flatMap((found) =>
    found instanceof z.ZodObject ? Object.keys(found.shape) : [],
  );
  return [...new Set(keys)];
}

function schemasAt(schema: z.core.$ZodType, path: KeyPath): z.core.$ZodType[] {
  const inner = unwrap(schema);
  const [step, ...rest] = path;
  if (inner instanceof z.ZodUnion) {
    return inner.options.flatMap((option) => schemasAt(option, path));
  }
  if (step === undefined) return [inner];
  if (inner instanceof z.ZodObject) {
    const next: z.core.$ZodType | undefined = inner.shape[String(step)];
    return next ? schemasAt(next, rest) : [];
  }
  if (inner instanceof z.ZodArray) return schemasAt(inner.element, rest);
  return inner instanceof z.ZodRecord ? schemasAt(inner.valueType, rest) : [];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPipe) return unwrap(schema.in);
  const wrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return wrapped ? unwrap(schema.def.innerType) : schema;
}
