import type { Finding } from '@holdfast/findings';
import { createSchemaCompiler } from '@holdfast/json-schema';
import type {
  IntendedCatalog,
  LiveDescriptors,
  ToolDescriptor,
} from '../artifacts/artifact-schemas.js';
import { isObject, ownValue, type Json } from '../schema/json.js';
import { findServerOf } from './find-server.js';
import type { AggregateOperation, Aggregation, Mapping, RenderSource } from './input-schemas.js';

/**
 * Checks a rendered catalog against what it was rendered from: no hidden tool is in it, every reference leads to a tool
 * of the descriptors, and every mapping of an aggregate fits the downstream tool's schema.
 */
export function verifyCatalog(
  catalog: IntendedCatalog,
  sources: readonly RenderSource[],
  descriptors: LiveDescriptors,
): Finding[] {
  return [
    ...checkHidden(catalog),
    ...checkSources(catalog, descriptors),
    ...sources.flatMap(({ origin, aggregations }) =>
      (aggregations?.aggregations ?? []).flatMap((aggregation) =>
        checkAggregation(aggregation, origin, descriptors),
      ),
    ),
  ];
}

function checkHidden({ tools, hidden, disabled }: IntendedCatalog): Finding[] {
  const away = new Set([...hidden, ...disabled].map(({ server, tool }) => key(server, tool)));
  return tools
    .filter(({ source }) => source !== undefined && away.has(key(source.server, source.tool)))
    .map(({ server, name }) => ({
      ruleId: 'render.hidden-leaks',
      severity: 'error',
      path: `${server}/${name}`,
      message: `${name} is hidden or disabled, and stands in the catalog`,
    }));
}

function checkSources({ tools }: IntendedCatalog, descriptors: LiveDescriptors): Finding[] {
  const known = new Set(
    descriptors.servers.flatMap(({ name, tools: described }) =>
      described.map((tool) => key(name, String((tool as { name?: unknown } | null)?.name))),
    ),
  );
  return tools.flatMap(({ server, name, source, aggregate }) => {
    const references = [
      ...(source === undefined ? [] : [source]),
      ...(aggregate?.operations ?? []),
    ];
    return references
      .filter((reference) => !known.has(key(reference.server, reference.tool)))
      .map((reference): Finding => ({
        ruleId: 'render.unknown-reference',
        severity: 'error',
        path: `${server}/${name}`,
        message: `${reference.server}/${reference.tool} is not among the descriptors; capture them again, or correct the reference`,
      }));
  });
}

function checkAggregation(
  aggregation: Aggregation,
  origin: string,
  descriptors: LiveDescriptors,
): Finding[] {
  const values = new Map<string, string>();
  return aggregation.operations.flatMap((operation) => {
    const say = (message: string, severity: Finding['severity'] = 'error'): Finding => ({
      ruleId: 'render.mapping-invalid',
      severity,
      path: origin,
      message: `${aggregation.name}, operation ${JSON.stringify(operation.value)}: ${message}`,
    });
    const twice = [operation.value, ...operation.aliases].filter((value) => {
      const isKnown = values.has(value);
      values.set(value, operation.value);
      return isKnown;
    });
    const found = findServerOf(operation.downstreamTool, operation.downstreamServer, descriptors);
    const problems = twice.map((value) => say(`${JSON.stringify(value)} selects two operations`));
    if (found.kind === 'ambiguous')
      problems.push(
        say(
          `${operation.downstreamTool} is a tool of ${found.servers.join(' and ')}; say downstreamServer`,
        ),
      );
    if (found.kind !== 'found') return problems;
    return [...problems, ...checkMappings(aggregation, operation, found.tool, say)];
  });
}

function checkMappings(
  aggregation: Aggregation,
  operation: AggregateOperation,
  tool: ToolDescriptor,
  say: (message: string, severity?: Finding['severity']) => Finding,
): Finding[] {
  const findings: Finding[] = [];
  const schema = tool.inputSchema ?? {};
  const targets = new Set(operation.argumentMappings.map(({ target }) => headOf(target)));
  for (const mapping of operation.argumentMappings) {
    const place = partOf(schema, mapping.target);
    if (place === 'refused')
      findings.push(say(`${tool.name} takes no argument ${JSON.stringify(mapping.target)}`));
    else if (place === 'open')
      findings.push(
        say(`${tool.name} does not declare ${JSON.stringify(mapping.target)}`, 'warning'),
      );
    else for (const one of checkValue(mapping, place.schema, say)) findings.push(one);
    if (
      mapping.source !== undefined &&
      partOf(aggregation.inputSchema, mapping.source) === 'refused'
    )
      findings.push(say(`there is no argument ${JSON.stringify(mapping.source)} to map from`));
    if (
      mapping.source === undefined &&
      mapping.value === undefined &&
      mapping.default === undefined
    )
      findings.push(say(`${JSON.stringify(mapping.target)} has no source, value or default`));
  }
  for (const name of requiredOf(schema))
    if (!targets.has(name))
      findings.push(
        say(`nothing gives ${tool.name} its required argument ${JSON.stringify(name)}`),
      );
  for (const names of operation.requireAnyOf)
    for (const name of names)
      if (partOf(aggregation.inputSchema, name) === 'refused')
        findings.push(say(`requireAnyOf names ${JSON.stringify(name)}, which is no argument`));
  return findings;
}

/** A fixed value, or a default, must be one that the argument takes. */
function checkValue(mapping: Mapping, schema: Json, say: (message: string) => Finding): Finding[] {
  const values = [mapping.value, mapping.default].filter((value) => value !== undefined);
  if (values.length === 0) return [];
  const compilation = createSchemaCompiler()({ schema });
  if (compilation.kind !== 'compiled') return [];
  return values
    .filter((value) => !(value === null && mapping.allowNull === true))
    .filter((value) => compilation.schema.validate(value).kind === 'invalid')
    .map((value) =>
      say(`${JSON.stringify(mapping.target)} does not take ${JSON.stringify(value).slice(0, 80)}`),
    );
}

/** The schema of an argument, `a.b` one of an object; or whether the object lets through what it does not declare. */
function partOf(schema: Json, path: string): { schema: Json } | 'open' | 'refused' {
  let at: Json = schema;
  for (const name of path.replace(/^\$\.?/, '').split('.')) {
    if (!isObject(at)) return 'open';
    const properties: Json | undefined = ownValue(at, 'properties');
    const part: Json | undefined = isObject(properties) ? ownValue(properties, name) : undefined;
    if (part === undefined) {
      const isClosed = ownValue(at, 'additionalProperties') === false;
      return isClosed ? 'refused' : 'open';
    }
    at = part;
  }
  return { schema: at };
}

function headOf(path: string): string {
  return path.replace(/^\$\.?/, '').split('.')[0]!;
}

function requiredOf(schema: Json): string[] {
  const required = isObject(schema) ? ownValue(schema, 'required') : undefined;
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

function key(server: string, tool: string): string {
  return JSON.stringify([server, tool]);
}
