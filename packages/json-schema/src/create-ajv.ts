import { Ajv, type Options } from 'ajv';
import ajvDraft04 from 'ajv-draft-04';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import draft06 from 'ajv/dist/refs/json-schema-draft-06.json' with { type: 'json' };
import ajvFormats from 'ajv-formats';
import { replaceDataKeywords } from './data-keywords.js';
import type { Dialect } from './dialect.js';
import type { CompiledPattern } from './patterns.js';

/** An ajv for schemas of one version, which collects every error and never looks outside. */
export function createAjv(
  dialect: Dialect,
  compilePattern: (pattern: string) => CompiledPattern,
  { validateSchema }: { readonly validateSchema: boolean },
): Ajv {
  const ajv = instantiate(dialect, {
    strict: false,
    allErrors: true,
    verbose: true,
    logger: false,
    ownProperties: true,
    validateSchema,
    // Its optimiser takes longer than all the rest of compiling, and gains next to nothing at run time.
    code: { regExp: Object.assign(compilePattern, { code: 'compilePattern' }), optimize: false },
  });
  replaceDataKeywords(ajv);
  ajvFormats.default(ajv);
  return ajv;
}

function instantiate(dialect: Dialect, options: Options): Ajv {
  switch (dialect) {
    case 'draft-04':
      return new ajvDraft04.default(options) as unknown as Ajv;
    case 'draft-06':
      return new Ajv({ ...options, meta: false, defaultMeta: draft06.$id }).addMetaSchema(draft06);
    case 'draft-07':
      return new Ajv(options);
    case '2019-09':
      return new Ajv2019(options) as unknown as Ajv;
    case '2020-12':
      return new Ajv2020(options) as unknown as Ajv;
  }
}
