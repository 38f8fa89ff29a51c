import { dialectOfDocument, dialectOfSchema, type Dialect } from './dialect.js';
import {
  findReferences,
  identityKeyword,
  withAbsoluteId,
  type OutsideReference,
} from './references.js';
import type { SchemaProblem } from './schema-problem.js';

export interface SchemaDocument {
  readonly schema: Record<string, unknown>;
  readonly dialect: Dialect;
}

/** What a schema refers to, and what that refers to: documents by URI, and the fragments that references name. */
export interface SchemaDocuments {
  readonly byUri: ReadonlyMap<string, SchemaDocument>;
  readonly fragments: ReadonlyMap<string, ReadonlySet<string>>;
  readonly problems: readonly SchemaProblem[];
}

export interface CollectOptions {
  /** The version that the root is written in. */
  readonly dialect: Dialect;
  /** Most values that root and documents may hold, all in all. */
  readonly maxSize: number;
  /** The document at an absolute URI without fragment; undefined where nothing is at hand. */
  lookUp(uri: string): unknown;
  /** What is wrong with a document by its own version; undefined for a good one. */
  judge(schema: unknown, dialect: Dialect): readonly SchemaProblem[] | undefined;
}

/** Follows the references of a schema with an absolute identity; what is not at hand is a problem, and so is too much. */
export function collectDocuments(
  root: unknown,
  { dialect, maxSize, lookUp, judge }: CollectOptions,
): SchemaDocuments {
  const byUri = new Map<string, SchemaDocument>();
  const fragments = new Map<string, Set<string>>();
  const problems: SchemaProblem[] = [];
  if (typeof root !== 'object' || root === null) return { byUri, fragments, problems };
  let left = maxSize;
  const first: SchemaDocument = { schema: root as Record<string, unknown>, dialect };
  byUri.set(identityOf(first), first);
  const pending = [first];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const isRoot = next.schema === root;
    const { references, size } = findReferences(next.schema, left);
    left -= size;
    if (left < 0) {
      const message = `the schema and what it refers to hold more than ${maxSize} values`;
      return { byUri, fragments, problems: [{ kind: 'too-large', pointer: '', message }] };
    }
    for (const reference of references) {
      const { target, fragment } = reference;
      const named = fragments.get(target);
      if (named) {
        named.add(fragment);
        continue;
      }
      fragments.set(target, new Set([fragment]));
      if (dialectOfDocument(target) !== undefined || byUri.has(target)) continue;
      const found = lookUp(target);
      if (typeof found === 'object' && found !== null && !Array.isArray(found)) {
        const own = dialectOfSchema(found, next.dialect) ?? next.dialect;
        const wrong = judge(found, own);
        if (wrong) {
          const message = `the schema ${target} that it refers to is not valid: ${wrong[0]!.message}`;
          problems.push({
            kind: 'invalid-schema',
            pointer: isRoot ? reference.pointer : '',
            message,
          });
          continue;
        }
        const document = { schema: withAbsoluteId(found, target, own), dialect: own };
        byUri.set(target, document);
        pending.push(document);
      } else problems.push(missing(reference, isRoot));
    }
  }
  return { byUri, fragments, problems };
}

function identityOf({ schema, dialect }: SchemaDocument): string {
  return (schema[identityKeyword(dialect)] as string).replace(/#.*$/s, '');
}

function missing({ target, pointer }: OutsideReference, isRoot: boolean): SchemaProblem {
  const message = `the $ref leads to ${target.replace(/^file:\/\/\//, '')}, which is not at hand; nothing is fetched`;
  return { kind: 'missing-reference', pointer: isRoot ? pointer : '', message, target };
}
