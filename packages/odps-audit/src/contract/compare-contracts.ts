import type { KeyPath } from '@holdfast/text';
import { holdsAll, isSameFamily, typeFamily } from './column-type.js';
import type { ContractColumn, ContractTable, DataContract } from './data-contract.js';

/** A change that breaks who reads by the contract. */
export interface BreakingChange {
  readonly change:
    | 'table-removed'
    | 'table-renamed'
    | 'column-removed'
    | 'column-renamed'
    | 'type-changed'
    | 'may-be-null'
    | 'may-repeat'
    | 'primary-key-changed'
    | 'server-removed';
  readonly table?: string;
  readonly column?: string;
  /** Where it shows in the new contract. */
  readonly path: KeyPath;
  readonly message: string;
}

/**
 * The changes between two versions of a contract that break consumers: what they read is gone, is called otherwise, is
 * of another type, or no longer keeps what was promised of it. New columns, and types that hold more, break nobody.
 */
export function compareContracts(base: DataContract, head: DataContract): BreakingChange[] {
  const changes: BreakingChange[] = [];
  for (const table of base.tables) {
    const now = head.tables.find(({ name }) => name === table.name);
    if (!now) {
      const message = `the table ${table.name} is gone`;
      changes.push({ change: 'table-removed', table: table.name, path: ['schema'], message });
    } else {
      for (const one of compareTables(table, now)) changes.push(one);
    }
  }
  for (const { name } of base.servers) {
    if (name === undefined || head.servers.some((server) => server.name === name)) continue;
    const message = `the server ${name} is gone`;
    changes.push({ change: 'server-removed', path: ['servers'], message });
  }
  return changes;
}

function compareTables(base: ContractTable, head: ContractTable): BreakingChange[] {
  const changes: BreakingChange[] = [];
  const table = base.name;
  if (!isSameName(base.physicalName, head.physicalName)) {
    const message = `the table ${table} is called ${head.physicalName} in the database, and was ${base.physicalName}`;
    changes.push({ change: 'table-renamed', table, path: [...head.path, 'physicalName'], message });
  }
  const columns = new Map(head.columns.map((column) => [column.name, column]));
  for (const column of base.columns) {
    const now = columns.get(column.name);
    if (now) for (const one of compareColumns(column, now, table)) changes.push(one);
    else {
      const message = `the column ${table}.${column.name} is gone`;
      changes.push({
        change: 'column-removed',
        table,
        column: column.name,
        path: head.path,
        message,
      });
    }
  }
  return changes;
}

function compareColumns(
  base: ContractColumn,
  head: ContractColumn,
  table: string,
): BreakingChange[] {
  const changes: BreakingChange[] = [];
  const named = `the column ${table}.${base.name}`;
  const add = (change: BreakingChange['change'], key: string, message: string) =>
    changes.push({
      change,
      table,
      column: base.name,
      path: [...head.path, key],
      message: `${named} ${message}`,
    });
  if (!isSameName(base.physicalName, head.physicalName)) {
    add(
      'column-renamed',
      'physicalName',
      `is called ${head.physicalName} in the database, and was ${base.physicalName}`,
    );
  }
  const type = typeChange(base, head);
  if (type) add('type-changed', type.key, `is ${type.to}, and was ${type.from}`);
  if (base.isRequired && !head.isRequired)
    add('may-be-null', 'required', 'may be null, and was required');
  if (base.isUnique && !head.isUnique) add('may-repeat', 'unique', 'may repeat, and was unique');
  if (base.isPrimaryKey !== head.isPrimaryKey) {
    add(
      'primary-key-changed',
      'primaryKey',
      base.isPrimaryKey ? 'is no longer part of the primary key' : 'is now part of the primary key',
    );
  }
  return changes;
}

/** Databases differ in how they write a name, not in which column it is. */
function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function typeChange(
  base: ContractColumn,
  head: ContractColumn,
): { key: string; from: string; to: string } | undefined {
  const { physicalType: from, logicalType: before } = base;
  const { physicalType: to, logicalType: after } = head;
  if (from !== undefined && to !== undefined && !holdsAll(from, to))
    return { key: 'physicalType', from, to };
  if (before === undefined || after === undefined || before === after) return undefined;
  const wider = before === 'integer' && after === 'number';
  const sameValues = from !== undefined && to !== undefined;
  if (wider || (sameValues && isSameLogical(from, to))) return undefined;
  return { key: 'logicalType', from: before, to: after };
}

function isSameLogical(one: string, other: string): boolean {
  const [left, right] = [typeFamily(one), typeFamily(other)];
  return left !== undefined && right !== undefined && isSameFamily(left, right);
}
