import { createSchemaCompiler } from '@holdfast/json-schema';
import { parsePointer, type KeyPath } from '@holdfast/text';

/** One thing that a document has against its schema. */
export interface SchemaProblem {
  readonly path: KeyPath;
  readonly message: string;
}

export type Validate = (value: unknown) => readonly SchemaProblem[];

/** The schemas of ODPS and ODCS by version; undefined for a version whose schema is not at hand. */
export interface SchemaSet {
  odps(version: string): Validate | undefined;
  odcs(version: string): Validate | undefined;
}

type Load = () => Promise<{ readonly default: object }>;

/** The schemas of Bitol, Apache-2.0; see NOTICE. That of ODCS v2.2.0 was never published: it is that of v2.2.1. */
const odcsSchemas = {
  'v2.2.0': () => import('./schemas/odcs-json-schema-v2.2.1.json', { with: { type: 'json' } }),
  'v2.2.1': () => import('./schemas/odcs-json-schema-v2.2.1.json', { with: { type: 'json' } }),
  'v2.2.2': () => import('./schemas/odcs-json-schema-v2.2.2.json', { with: { type: 'json' } }),
  'v3.0.0': () => import('./schemas/odcs-json-schema-v3.0.0.json', { with: { type: 'json' } }),
  'v3.0.1': () => import('./schemas/odcs-json-schema-v3.0.1.json', { with: { type: 'json' } }),
  'v3.0.2': () => import('./schemas/odcs-json-schema-v3.0.2.json', { with: { type: 'json' } }),
  'v3.1.0': () => import('./schemas/odcs-json-schema-v3.1.0.json', { with: { type: 'json' } }),
} as const satisfies Record<string, Load>;

const odpsSchemas = {
  'v0.9.0': () => import('./schemas/odps-json-schema-v0.9.0.json', { with: { type: 'json' } }),
  'v1.0.0': () => import('./schemas/odps-json-schema-v1.0.0.json', { with: { type: 'json' } }),
} as const satisfies Record<string, Load>;

export const odcsVersions: readonly string[] = Object.keys(odcsSchemas);
export const odpsVersions: readonly string[] = Object.keys(odpsSchemas);

/** Loads schemas and compiles each once: one library serves any number of audits. */
export interface SchemaLibrary {
  /** The schemas of some versions, as `apiVersion` names them; each is compiled at its first document. */
  load(versions: {
    readonly odps?: Iterable<string>;
    readonly odcs?: Iterable<string>;
  }): Promise<SchemaSet>;
}

/** A library of the schemas that the package carries. Compiling one takes a third of a second. */
export function createSchemaLibrary(): SchemaLibrary {
  const compile = createSchemaCompiler();
  const compiled = new Map<object, Validate>();

  function validatorOf(schema: object | undefined): Validate | undefined {
    if (!schema) return undefined;
    const known = compiled.get(schema) ?? compileSchema(schema, compile);
    compiled.set(schema, known);
    return known;
  }
  return {
    async load({ odps = [], odcs = [] }) {
      const [products, contracts] = await Promise.all([
        load(odpsSchemas, odps),
        load(odcsSchemas, odcs),
      ]);
      return {
        odps: (version) => validatorOf(products.get(version)),
        odcs: (version) => validatorOf(contracts.get(version)),
      };
    },
  };
}

async function load(
  schemas: Readonly<Record<string, Load>>,
  versions: Iterable<string>,
): Promise<Map<string, object>> {
  const wanted = [...new Set(versions)].filter((version) => Object.hasOwn(schemas, version));
  const loaded = wanted.map(
    async (version) => [version, (await schemas[version]!()).default] as const,
  );
  return new Map(await Promise.all(loaded));
}

function compileSchema(schema: object, compile: ReturnType<typeof createSchemaCompiler>): Validate {
  const compilation = compile({ schema });
  if (compilation.kind === 'refused') {
    const [problem] = compilation.problems;
    throw new Error(`a schema of this package does not compile: ${problem?.message}`);
  }
  return (value) => {
    const verdict = compilation.schema.validate(value);
    switch (verdict.kind) {
      case 'valid':
        return [];
      case 'undecided':
        return [
          {
            path: [],
            message: `it cannot be told whether it satisfies its schema: ${verdict.reason}`,
          },
        ];
      case 'invalid':
        return verdict.errors.map(({ instancePath, message }) => ({
          path: parsePointer(instancePath),
          message,
        }));
    }
  };
}
