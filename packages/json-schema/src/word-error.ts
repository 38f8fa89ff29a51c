import type { ErrorObject } from 'ajv';

/** Most values of an `enum` that a message lists. */
const maxListed = 12;

/** What ajv says, in words that name the value and what it is. */
export function wordError(error: ErrorObject): string {
  const { instancePath, keyword, message = 'is not valid', params, data } = error;
  const subject = instancePath === '' ? 'the value' : instancePath;
  const named = params as Record<string, unknown>;
  switch (keyword) {
    case 'type':
      return `${subject} must be ${listTypes(named['type'])}, got ${describe(data)}`;
    case 'enum':
      return `${subject} must be one of ${listValues(named['allowedValues'] as unknown[])}, got ${describe(data)}`;
    case 'const':
      return `${subject} must be ${shorten(named['allowedValue'])}, got ${describe(data)}`;
    case 'additionalProperties':
      return `${subject} must not have the property ${JSON.stringify(named['additionalProperty'])}`;
    case 'unevaluatedProperties':
      return `${subject} must not have the property ${JSON.stringify(named['unevaluatedProperty'])}`;
    case 'propertyNames':
      return `${subject} must not have a property named ${JSON.stringify(named['propertyName'])}`;
    case 'required':
      return `${subject} must have the property ${JSON.stringify(named['missingProperty'])}`;
    default:
      return `${subject} ${message}`;
  }
}

function listTypes(types: unknown): string {
  return Array.isArray(types) ? types.join(' or ') : String(types).replaceAll(',', ' or ');
}

function listValues(values: readonly unknown[]): string {
  const listed = values.slice(0, maxListed).map(shorten).join(', ');
  return values.length > maxListed ? `${listed} and ${values.length - maxListed} more` : listed;
}

/** What a value is, without telling a text of the document at length. */
function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return shorten(value);
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Where an error is to be shown: at the value, or at the property that it must not have. */
export function placeOf({ instancePath, params }: ErrorObject): string {
  const property = unwantedProperty(params);
  if (property === undefined) return instancePath;
  return `${instancePath}/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The property that an error says must not be there. */
export function unwantedProperty(params: unknown): string | undefined {
  const named = params as { additionalProperty?: string; unevaluatedProperty?: string };
  return named.additionalProperty ?? named.unevaluatedProperty;
}
