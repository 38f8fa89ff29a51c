import { customProperty, listOf, member, scalarText, textOf } from './mapping.js';

/** What an ODPS file says, as far as other files must agree with it. */
export interface DataProduct {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly team: string | undefined;
  readonly outputPorts: readonly OutputPort[];
  readonly inputPorts: readonly InputPort[];
}

export interface OutputPort {
  /** Its place in `outputPorts`. */
  readonly index: number;
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** The first number of the version: `1` of `v1.2.0`. */
  readonly major: string | undefined;
  readonly contractId: string | undefined;
  /** The custom property `contractServer`. */
  readonly contractServer: string | undefined;
  /** The custom property `table`. */
  readonly table: string | undefined;
  readonly type: string | undefined;
  readonly catalog: string | undefined;
  readonly schema: string | undefined;
}

export interface InputPort {
  readonly index: number;
  readonly name: string | undefined;
  readonly contractId: string | undefined;
}

export function readDataProduct(value: unknown): DataProduct {
  return {
    id: textOf(member(value, 'id')),
    name: textOf(member(value, 'name')),
    team: textOf(member(member(value, 'team'), 'name')),
    outputPorts: listOf(member(value, 'outputPorts')).map((port, index) => {
      const version = scalarText(member(port, 'version'));
      const property = (name: string) => scalarText(customProperty(port, name));
      return {
        index,
        name: textOf(member(port, 'name')),
        version,
        major: majorOf(version),
        contractId: textOf(member(port, 'contractId')),
        contractServer: property('contractServer'),
        table: property('table'),
        type: textOf(member(port, 'type')),
        catalog: property('catalog'),
        schema: property('schema'),
      };
    }),
    inputPorts: listOf(member(value, 'inputPorts')).map((port, index) => ({
      index,
      name: textOf(member(port, 'name')),
      contractId: textOf(member(port, 'contractId')),
    })),
  };
}

/** The major part of a version: `1` of `1`, `v1` and `1.2.0`. */
export function majorOf(version: string | undefined): string | undefined {
  return version === undefined ? undefined : /^v?(\d+)/i.exec(version.trim())?.[1];
}
