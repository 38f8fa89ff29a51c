import type { Ajv, FuncKeywordDefinition } from 'ajv';
import type { DataValidateFunction } from 'ajv/dist/types/index.js';

/**
 * The keywords that compare data, written anew: ajv's comparison calls `valueOf` and `toString` of the values, which a
 * document may have as plain properties, and its `uniqueItems` compares each item with every other.
 */
export function replaceDataKeywords(ajv: Ajv): void {
  for (const definition of [constKeyword, enumKeyword, uniqueItemsKeyword]) {
    ajv.removeKeyword(definition.keyword as string);
    ajv.addKeyword(definition);
  }
}

const constKeyword: FuncKeywordDefinition = {
  keyword: 'const',
  errors: 'full',
  compile(wanted: unknown) {
    const key = equalityKey(wanted);
    return failing('const', { allowedValue: wanted }, (value) => equalityKey(value) === key);
  },
};

const enumKeyword: FuncKeywordDefinition = {
  keyword: 'enum',
  schemaType: 'array',
  errors: 'full',
  compile(wanted: unknown[]) {
    const keys = new Set(wanted.map(equalityKey));
    return failing('enum', { allowedValues: wanted }, (value) => keys.has(equalityKey(value)));
  },
};

const uniqueItemsKeyword: FuncKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  errors: 'full',
  compile(wanted: boolean) {
    return failing('uniqueItems', {}, (value) => {
      const items = value as unknown[];
      return !wanted || new Set(items.map(equalityKey)).size === items.length;
    });
  },
};

function failing(
  keyword: string,
  params: object,
  holds: (value: unknown) => boolean,
): DataValidateFunction {
  const validate: DataValidateFunction = (value: unknown) => {
    if (holds(value)) return true;
    validate.errors = [{ keyword, params, message: messages[keyword]! }];
    return false;
  };
  return validate;
}

const messages: Record<string, string> = {
  const: 'must be equal to constant',
  enum: 'must be equal to one of the allowed values',
  uniqueItems: 'must not have equal items',
};

/** Equal for values that JSON Schema calls equal, whatever the order of their keys. */
function equalityKey(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
