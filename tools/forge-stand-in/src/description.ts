import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** A part of an OpenAPI document. */
export type Part = Record<string, unknown>;

/** An operation of a description that a request's method and path name. */
export interface Operation {
  readonly method: string;
  /** As the description writes it: `/repos/{owner}/{repo}/pulls`. */
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A published description of an API, to which requests and answers are held. */
export interface Description {
  find(method: string, path: string): Operation | undefined;
  /** What is wrong with a request; empty when nothing is. */
  checkRequest(operation: Operation, query: URLSearchParams, body: unknown): string[];
  /** What is wrong with an answer. */
  checkAnswer(operation: Operation, status: number, body: unknown): string[];
  /** An answer with every field that the description requires, plain values where none is given. */
  complete(operation: Operation, status: number, body: unknown): unknown;
}

interface Route {
  readonly template: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly item: Part;
}

const loaded = new Map<string, Description>();

/** A description from the folder beside the sources; compiled once a process. */
export function loadDescription(name: 'github' | 'gitlab' | 'forgejo'): Description {
  const description = loaded.get(name) ?? readDescription(name);
  loaded.set(name, description);
  return description;
}

function readDescription(name: string): Description {
  const file = new URL(`../descriptions/${name}.json`, import.meta.url);
  const document = JSON.parse(readFileSync(file, 'utf8')) as Part;
  rewriteNullable(document);
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false, inlineRefs: false });
  addFormats.default(ajv);
  for (const format of ['int64', 'int32', 'float', 'double', 'binary', 'repo.nwo', 'timezone']) {
    ajv.addFormat(format, true);
  }
  ajv.addSchema({ $id: 'description', ...document });
  const compiled = new Map<string, ValidateFunction>();
  const routes = routesOf(document['paths'] as Record<string, Part>);

  function validate(pointer: string, value: unknown, at: string): string[] {
    let check = compiled.get(pointer);
    if (!check) {
      check = ajv.compile({ $ref: `description#${pointer}` });
      compiled.set(pointer, check);
    }
    if (check(value)) return [];
    return (check.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${at}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  function resolve(part: unknown, pointer: string): { value: Part; pointer: string } {
    const { $ref } = part as { $ref?: string };
    if ($ref === undefined) return { value: part as Part, pointer };
    return resolve(lookUp(document, $ref), $ref.slice(1));
  }

  function operationOf({ method, template }: Operation) {
    const item = (document['paths'] as Record<string, Part>)[template]!;
    return { item, operation: item[method] as Part, pointer: pointerOf('paths', template, method) };
  }

  function answerSchema(operation: Operation, status: number) {
    const { operation: found, pointer } = operationOf(operation);
    const responses = found['responses'] as Record<string, Part>;
    const code = String(status) in responses ? String(status) : 'default';
    if (!(code in responses)) return { known: false as const, codes: Object.keys(responses) };
    const response = resolve(responses[code], `${pointer}/responses/${code}`);
    const content = (response.value['content'] ?? {}) as Record<string, Part>;
    const type = Object.keys(content).find((name) => name.startsWith('application/json'));
    if (type === undefined) return { known: true as const };
    const schema = `${response.pointer}/content/${escape(type)}/schema`;
    return { known: true as const, schema, part: content[type]!['schema'] as Part };
  }

  function fill(part: unknown, value: unknown, depth = 0): unknown {
    const { value: schema } = resolve(part, '');
    const choices = (schema['anyOf'] ?? schema['oneOf']) as Part[] | undefined;
    if (value === undefined && depth > 8) return null;
    if (choices && !('properties' in schema)) {
      if (value === null || (value === undefined && choices.some(isNull))) return null;
      const objects = choices.filter((choice) => !isNull(choice));
      return fill(objects[0], value, depth + 1);
    }
    if (schema['allOf']) {
      return (schema['allOf'] as Part[]).reduce<unknown>(
        (filled, each) => fill(each, filled, depth + 1),
        value,
      );
    }
    if (value === undefined && schema['nullable'] === true) return null;
    if (value === null) return null;
    const type = schema['type'] ?? ('properties' in schema ? 'object' : undefined);
    if (type === 'array') {
      const items = (value ?? []) as unknown[];
      return items.map((item) => fill(schema['items'], item, depth + 1));
    }
    if (type === 'object') {
      const given = (value ?? {}) as Part;
      const properties = (schema['properties'] ?? {}) as Record<string, Part>;
      const filled: Part = {};
      for (const [name, inner] of Object.entries(given)) {
        if (inner === undefined) continue;
        filled[name] = name in properties ? fill(properties[name], inner, depth + 1) : inner;
      }
      for (const name of (schema['required'] ?? []) as string[]) {
        if (!(name in filled)) filled[name] = fill(properties[name] ?? {}, undefined, depth + 1);
      }
      return filled;
    }
    return value ?? plainValue(schema, type);
  }

  return {
    find(method, path) {
      const name = method.toLowerCase();
      for (const { template, pattern, names, item } of routes) {
        const match = name in item ? pattern.exec(path) : null;
        if (!match) continue;
        const values = match.slice(1).map(decodeURIComponent);
        const parameters = Object.fromEntries(names.map((key, index) => [key, values[index]!]));
        return { method: name, template, parameters };
      }
      return undefined;
    },
    checkRequest(operation, query, body) {
      const { item, operation: found, pointer } = operationOf(operation);
      const parameters = [
        ...((item['parameters'] ?? []) as Part[]),
        ...((found['parameters'] ?? []) as Part[]),
      ]
        .map((parameter) => resolve(parameter, '').value)
        .filter((parameter) => parameter['in'] === 'query');
      const problems: string[] = [];
      for (const [name, text] of query) {
        const known = parameters.find((parameter) => parameter['name'] === name);
        if (!known) problems.push(`query ${name} is not described`);
        else problems.push(...checkText(resolve(known['schema'], '').value, name, text));
      }
      const described = found['requestBody'];
      const request = described ? resolve(described, `${pointer}/requestBody`) : undefined;
      const content = request ? (request.value['content'] as Part) : {};
      if (request && body !== undefined && 'application/json' in content) {
        const schema = `${request.pointer}/content/${escape('application/json')}/schema`;
        problems.push(...validate(schema, body, 'body'));
        problems.push(
          ...unknownFields(
            resolve((content['application/json'] as Part)['schema'], '').value,
            body,
          ),
        );
      }
      return problems;
    },
    checkAnswer(operation, status, body) {
      const found = answerSchema(operation, status);
      if (!found.known) return [`status ${status} is not described (${found.codes.join(', ')})`];
      if (found.schema === undefined || body === undefined) return [];
      return validate(found.schema, body, 'answer');
    },
    complete(operation, status, body) {
      const found = answerSchema(operation, status);
      return found.known && found.part ? fill(found.part, body) : body;
    },
  };
}

function checkText(schema: Part, name: string, text: string): string[] {
  const allowed = schema['enum'] as unknown[] | undefined;
  if (allowed && !allowed.map(String).includes(text)) return [`query ${name} is ${text}`];
  if (schema['type'] === 'integer' && !/^-?\d+$/.test(text)) return [`query ${name} is ${text}`];
  return [];
}

/** Fields that the description does not know are typing errors, though the schema lets them pass. */
function unknownFields(schema: Part, body: unknown): string[] {
  const properties = schema['properties'] as Part | undefined;
  if (!properties || typeof body !== 'object' || body === null) return [];
  return Object.keys(body)
    .filter((name) => !(name in properties))
    .map((name) => `body/${name} is not described`);
}

function routesOf(paths: Record<string, Part>): Route[] {
  const routes = Object.entries(paths).map(([template, item]) => {
    const names = [...template.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!);
    const source = template
      .split(/(\{[^}]+\})/)
      .map((part) => {
        if (!part.startsWith('{')) return part.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
        return /^\{(?:ref|path|branch)\}$/.test(part) ? '(.+)' : '([^/]+)';
      })
      .join('');
    return { template, names, item, pattern: new RegExp(`^${source}$`) };
  });
  const fixed = ({ template }: Route) =>
    template.split('/').filter((s) => !s.startsWith('{')).length;
  return routes.sort((a, b) => fixed(b) - fixed(a) || b.template.length - a.template.length);
}

/** OpenAPI 3.0's `nullable` without a plain type means nothing to a validator of JSON Schema. */
function rewriteNullable(part: unknown): void {
  if (Array.isArray(part)) return part.forEach(rewriteNullable);
  if (typeof part !== 'object' || part === null) return;
  const schema = part as Part;
  Object.values(schema).forEach(rewriteNullable);
  if (schema['nullable'] !== true) return;
  if (typeof schema['type'] !== 'string') {
    const { nullable: _, ...rest } = schema;
    for (const key of Object.keys(schema)) delete schema[key];
    schema['anyOf'] = [rest, { type: 'null' }];
  } else if (Array.isArray(schema['enum']) && !schema['enum'].includes(null)) {
    schema['enum'] = [...(schema['enum'] as unknown[]), null];
  }
}

function plainValue(schema: Part, type: unknown): unknown {
  const [first] = (schema['enum'] ?? []) as unknown[];
  if (first !== undefined) return first;
  if (schema['default'] !== undefined) return schema['default'];
  switch (type) {
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 0;
    case 'boolean':
      return false;
    case 'string':
      return plainText(schema['format']);
    default:
      return null;
  }
}

function plainText(format: unknown): string {
  if (format === 'date-time') return '2026-01-30T12:00:00Z';
  if (format === 'uri') return 'http://127.0.0.1/';
  return format === 'email' ? 'somebody@example.com' : '';
}

function isNull(schema: Part): boolean {
  return schema['type'] === 'null';
}

function lookUp(document: Part, reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((part, key) => (part as Part)[key], document);
}

function pointerOf(...parts: string[]): string {
  return parts.map((part) => `/${escape(part)}`).join('');
}

function escape(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
