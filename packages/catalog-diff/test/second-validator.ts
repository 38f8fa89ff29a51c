import { registerSchema, unregisterSchema, validate } from '@hyperjump/json-schema/draft-2020-12';
import '@hyperjump/json-schema/draft-2019-09';
import '@hyperjump/json-schema/draft-07';
import '@hyperjump/json-schema/draft-06';
import '@hyperjump/json-schema/draft-04';
import type { Dialect, Json } from '../src/index.js';

const uris: Record<Dialect, string> = {
  'draft-04': 'http://json-schema.org/draft-04/schema#',
  'draft-06': 'http://json-schema.org/draft-06/schema#',
  'draft-07': 'http://json-schema.org/draft-07/schema#',
  '2019-09': 'https://json-schema.org/draft/2019-09/schema',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
};

let count = 0;

/** What @hyperjump/json-schema, which shares no code with ajv, says of a value. */
export async function secondOpinion(schema: Json, value: Json, dialect: Dialect): Promise<boolean> {
  if (typeof schema === 'boolean') return schema;
  const uri = `https://schemas.test/${count++}`;
  registerSchema(schema as never, uri, uris[dialect]);
  try {
    const isValid = await validate(uri);
    return isValid(value as never).valid;
  } finally {
    unregisterSchema(uri);
  }
}
