import type { KeyPath } from '@holdfast/text';
import { listOf, member, scalarText, textOf } from '../mapping.js';

/** What a data contract says, of ODCS 2.2 and 3, as far as other files must agree with it. */
export interface DataContract {
  readonly id: string | undefined;
  readonly servers: readonly ContractServer[];
  readonly tables: readonly ContractTable[];
}

export interface ContractServer {
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly value: unknown;
}

export interface ContractTable {
  readonly path: KeyPath;
  readonly name: string;
  /** The name in the database; default: the name. */
  readonly physicalName: string;
  readonly columns: readonly ContractColumn[];
}

export interface ContractColumn {
  readonly path: KeyPath;
  /** With the names of the columns around it: `address.city`; `[]` stands for the items of a list. */
  readonly name: string;
  readonly physicalName: string;
  readonly logicalType: string | undefined;
  readonly physicalType: string | undefined;
  readonly isRequired: boolean;
  readonly isUnique: boolean;
  readonly isPrimaryKey: boolean;
  /** Whether it stands in the table itself, not in a column. */
  readonly isTopLevel: boolean;
}

export function readDataContract(value: unknown): DataContract {
  const servers = listOf(member(value, 'servers')).map((server) => ({
    name: textOf(member(server, 'server')),
    type: textOf(member(server, 'type')),
    value: server,
  }));
  const old = listOf(member(value, 'dataset'));
  const tables =
    old.length > 0
      ? old.flatMap((table, index) => readOldTable(table, ['dataset', index]))
      : listOf(member(value, 'schema')).flatMap((table, index) =>
          readTable(table, ['schema', index]),
        );
  return { id: scalarText(member(value, 'id') ?? member(value, 'uuid')), servers, tables };
}

function readTable(table: unknown, path: KeyPath): ContractTable[] {
  const name = textOf(member(table, 'name'));
  if (name === undefined) return [];
  return [
    {
      path,
      name,
      physicalName: textOf(member(table, 'physicalName')) ?? name,
      columns: readColumns(member(table, 'properties'), [...path, 'properties'], ''),
    },
  ];
}

/** Nested columns follow the one that holds them. */
function readColumns(properties: unknown, path: KeyPath, prefix: string): ContractColumn[] {
  return listOf(properties).flatMap((property, index) => {
    const name = textOf(member(property, 'name'));
    return name === undefined
      ? []
      : readColumn(property, [...path, index], `${prefix}${name}`, prefix === '');
  });
}

function readColumn(
  property: unknown,
  path: KeyPath,
  name: string,
  isTopLevel: boolean,
): ContractColumn[] {
  const items = member(property, 'items');
  return [
    {
      path,
      name,
      physicalName: textOf(member(property, 'physicalName')) ?? name,
      logicalType: textOf(member(property, 'logicalType')),
      physicalType: textOf(member(property, 'physicalType')),
      isRequired: member(property, 'required') === true,
      isUnique: member(property, 'unique') === true,
      isPrimaryKey: member(property, 'primaryKey') === true,
      isTopLevel,
    },
    ...readColumns(member(property, 'properties'), [...path, 'properties'], `${name}.`),
    ...(items === undefined ? [] : readColumn(items, [...path, 'items'], `${name}[]`, false)),
  ];
}

function readOldTable(table: unknown, path: KeyPath): ContractTable[] {
  const name = textOf(member(table, 'table'));
  if (name === undefined) return [];
  const columns = listOf(member(table, 'columns')).flatMap((column, index): ContractColumn[] => {
    const own = textOf(member(column, 'column'));
    if (own === undefined) return [];
    return [
      {
        path: [...path, 'columns', index],
        name: own,
        physicalName: own,
        logicalType: textOf(member(column, 'logicalType')),
        physicalType: textOf(member(column, 'physicalType')),
        isRequired: member(column, 'isNullable') === false,
        isUnique: member(column, 'isUnique') === true,
        isPrimaryKey:
          member(column, 'isPrimaryKey') === true || member(column, 'isPrimary') === true,
        isTopLevel: true,
      },
    ];
  });
  return [{ path, name, physicalName: textOf(member(table, 'physicalName')) ?? name, columns }];
}
