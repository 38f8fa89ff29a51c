import { blockLines, type YamlValue } from '../fix/yaml-value.js';
import type { Values } from '../fix/placeholders.js';

/** An output port of a new product. */
export interface NewPort {
  readonly name: string;
  readonly version: string;
  readonly contractId: string;
  readonly table: string;
  readonly contractServer: string;
}

/** The ODPS file of a new product, of ODPS v1.0.0. */
export function writeOdps(values: Values, ports: readonly NewPort[], builder: string): string {
  return writeYaml({
    apiVersion: 'v1.0.0',
    kind: 'DataProduct',
    id: values.DATA_PRODUCT_ID,
    name: values.DATA_PRODUCT_NAME,
    status: 'draft',
    description: { purpose: values.PURPOSE },
    team: { name: values.TEAM_NAME },
    tags: [values.TAG],
    outputPorts: ports.map((port) => outputPort(port, values)),
    customProperties: [property('dataProductBuilder', builder)],
  });
}

/** One entry of `outputPorts`. */
export function outputPort(
  { name, version, contractId, table, contractServer }: NewPort,
  values: Values,
): { readonly [key: string]: YamlValue } {
  return {
    name,
    version,
    type: values.PLATFORM,
    contractId,
    customProperties: [
      property('catalog', values.CATALOG),
      property('schema', values.SCHEMA),
      property('table', table),
      property('contractServer', contractServer),
      property('status', 'draft'),
      property('environment', 'prod'),
    ],
  };
}

function property(name: string, value: string): { readonly [key: string]: YamlValue } {
  return { property: name, value };
}

/** A mapping as a YAML file. */
export function writeYaml(value: YamlValue): string {
  return `${blockLines(value, 0).join('\n')}\n`;
}
