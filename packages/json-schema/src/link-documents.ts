import type { Ajv, ValidateFunction } from 'ajv';
import type { DataValidateFunction } from 'ajv/dist/types/index.js';
import type { SchemaDocuments } from './collect-documents.js';
import { condenseErrors } from './condense-errors.js';
import { createAjv } from './create-ajv.js';
import {
  dialectOf,
  dialectOfDocument,
  metaSchemaUris,
  withMetaSchema,
  type Dialect,
} from './dialect.js';
import type { CompiledPattern } from './patterns.js';
import { identityKeyword } from './references.js';

/** The keyword by which a document stands for one of another version. */
const FOREIGN = 'x-holdfast-foreign';

/** An ajv for each version that takes part, each with all documents: its own as they are, the others as stand-ins. */
export function createLinker(
  { byUri, fragments }: SchemaDocuments,
  compilePattern: (pattern: string) => CompiledPattern,
): { compileRoot(root: unknown, dialect: Dialect): ValidateFunction } {
  const instances = new Map<Dialect, Ajv>();

  let rootSchema: unknown;

  function instanceOf(dialect: Dialect): Ajv {
    const known = instances.get(dialect);
    if (known) return known;
    const ajv = createAjv(dialect, compilePattern, { validateSchema: false });
    instances.set(dialect, ajv);
    ajv.addKeyword({
      keyword: FOREIGN,
      schemaType: 'string',
      errors: 'full',
      compile: compileForeign,
    });
    for (const [uri, names] of fragments) {
      const document = byUri.get(uri);
      if (document?.dialect !== dialect && !isOwnMeta(ajv, uri, dialect)) {
        ajv.addSchema(standIn(uri, names, dialect), uri);
      } else if (document && document.schema !== rootSchema) {
        ajv.addSchema(withMetaSchema(document.schema, dialect), uri);
      }
    }
    return ajv;
  }

  /** Compiles what a stand-in stands for when it is first needed: documents may refer to each other. */
  function compileForeign(reference: string): DataValidateFunction {
    let validate: ValidateFunction | undefined;
    const check: DataValidateFunction = (value, context) => {
      validate ??= resolve(reference);
      if (validate(value, context)) return true;
      // ajv gives errors of a keyword the place and the data of the keyword: the original keeps its own.
      check.errors = condenseErrors(validate.errors ?? []).map((original) => ({
        ...original,
        original,
      }));
      return false;
    };
    return check;
  }

  function resolve(reference: string): ValidateFunction {
    const [uri = '', fragment = ''] = reference.split('#', 2);
    const meta = byUri.has(uri) ? undefined : dialectOfDocument(uri);
    const dialect = meta ?? byUri.get(uri)!.dialect;
    const isVersion = meta !== undefined && dialectOf(uri) !== undefined;
    const target = isVersion ? metaSchemaUris[meta] : uri;
    return instanceOf(dialect).compile({ $ref: `${target}#${fragment}` });
  }

  return {
    compileRoot(root: unknown, dialect: Dialect): ValidateFunction {
      rootSchema = root;
      const ajv = instanceOf(dialect);
      return typeof root === 'boolean'
        ? ajv.compile(root)
        : ajv.compile(withMetaSchema(root as object, dialect));
    },
  };
}

/** Whether ajv knows the document under this very URI. */
function isOwnMeta(ajv: Ajv, uri: string, dialect: Dialect): boolean {
  return dialectOfDocument(uri) === dialect && (uri in ajv.schemas || uri in ajv.refs);
}

/** A document that has, at each place that a reference names, a keyword that leads on to the real one. */
function standIn(uri: string, fragments: ReadonlySet<string>, dialect: Dialect): object {
  const document: Record<string, unknown> = { [identityKeyword(dialect)]: uri };
  for (const fragment of fragments) {
    const target = `${uri}#${fragment}`;
    if (fragment === '') document[FOREIGN] = target;
    else if (fragment.startsWith('/')) placeAt(document, fragment, target);
    else placeAnchor(document, fragment, target, dialect);
  }
  return document;
}

/** Where nothing but a reference leads. */
function placeAnchor(
  document: Record<string, unknown>,
  anchor: string,
  target: string,
  dialect: Dialect,
): void {
  const isOld = dialect.startsWith('draft');
  const name = isOld ? { [identityKeyword(dialect)]: `#${anchor}` } : { $anchor: anchor };
  const place = memberOf(memberOf(document, isOld ? 'definitions' : '$defs'), `anchor ${anchor}`);
  Object.assign(place, name, { [FOREIGN]: target });
}

function placeAt(document: Record<string, unknown>, fragment: string, target: string): void {
  let place = document;
  for (const part of fragment.slice(1).split('/')) place = memberOf(place, unescapeFragment(part));
  place[FOREIGN] = target;
}

/** The member of an object, made where it is missing; `__proto__` is one like any other. */
function memberOf(object: Record<string, unknown>, key: string): Record<string, unknown> {
  if (!Object.hasOwn(object, key)) {
    const attributes = { enumerable: true, configurable: true, writable: true };
    Object.defineProperty(object, key, { value: {}, ...attributes });
  }
  return object[key] as Record<string, unknown>;
}

function unescapeFragment(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return part;
  }
}
