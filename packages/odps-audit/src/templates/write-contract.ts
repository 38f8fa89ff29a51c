import { baseType, typeFamily, type TypeFamily } from '../contract/column-type.js';
import { sameTypeElsewhere } from './same-type-elsewhere.js';
import type { Values } from '../fix/placeholders.js';
import type { YamlValue } from '../fix/yaml-value.js';
import type { ModelColumn } from '../project.js';
import { platforms } from './platforms.js';
import { type PlatformName } from './platform-names.js';
import { writeYaml } from './write-odps.js';

/** What a new contract is about. */
export interface NewContract {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly table: string;
  readonly server: string;
  readonly description?: string;
  /** The columns that the model of the table declares; none: the two that the reference begins with. */
  readonly columns: readonly ModelColumn[];
}

/** The names that ODCS v3.1.0 has for the families. */
const LOGICAL: Readonly<Partial<Record<TypeFamily, string>>> = {
  string: 'string',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  time: 'time',
  array: 'array',
  object: 'object',
};

/** A data contract of ODCS v3.1.0; what the columns do not say is left out, never made up. */
export function writeContract(contract: NewContract, values: Values): string {
  const { PLATFORM, PURPOSE, TEAM_NAME } = values;
  const columns =
    contract.columns.length > 0
      ? contract.columns.map((column) => property(column, PLATFORM))
      : seed(PLATFORM);
  return writeYaml({
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: contract.id,
    name: contract.name,
    version: contract.version,
    status: 'draft',
    description: { purpose: PURPOSE },
    team: { name: TEAM_NAME },
    servers: [
      {
        server: contract.server,
        ...platforms[PLATFORM].server({ ...values, TABLE: contract.table }),
      },
    ],
    schema: [
      {
        name: contract.table,
        physicalType: 'table',
        ...(contract.description !== undefined && { description: contract.description }),
        properties: columns,
      },
    ],
  });
}

function seed(platform: PlatformName): YamlValue[] {
  const { types } = platforms[platform];
  return [
    {
      name: 'id',
      logicalType: 'string',
      physicalType: types.string,
      required: true,
      unique: true,
      primaryKey: true,
    },
    { name: 'updated_at', logicalType: 'timestamp', physicalType: types.timestamp, required: true },
  ];
}

function property(
  { name, dataType, description, isRequired, isUnique, isPrimaryKey }: ModelColumn,
  platform: PlatformName,
): YamlValue {
  const family = dataType === undefined ? undefined : typeFamily(dataType);
  const logicalType = family && LOGICAL[family];
  return {
    name,
    ...(logicalType !== undefined && { logicalType }),
    ...(dataType !== undefined && { physicalType: physicalType(dataType, family, platform) }),
    ...(isPlainText(description) && { description }),
    ...(isRequired && { required: true }),
    ...(isUnique && { unique: true }),
    ...(isPrimaryKey && { primaryKey: true }),
  };
}

/** Types that a database has by this name, sizes aside; others are given by their family. */
const NATIVE: Readonly<Record<PlatformName, ReadonlySet<string>>> = {
  databricks: new Set([
    'string',
    'tinyint',
    'smallint',
    'int',
    'bigint',
    'decimal',
    'float',
    'double',
    'boolean',
    'date',
    'timestamp',
    'timestamp_ntz',
    'binary',
    'array',
    'struct',
    'map',
    'variant',
    'varchar',
    'char',
  ]),
  snowflake: new Set([
    'varchar',
    'char',
    'string',
    'text',
    'number',
    'decimal',
    'numeric',
    'int',
    'integer',
    'bigint',
    'smallint',
    'float',
    'double',
    'boolean',
    'date',
    'time',
    'datetime',
    'timestamp',
    'timestamp_ntz',
    'timestamp_ltz',
    'timestamp_tz',
    'binary',
    'variant',
    'object',
    'array',
  ]),
  bigquery: new Set([
    'string',
    'bytes',
    'int64',
    'integer',
    'numeric',
    'bignumeric',
    'float64',
    'bool',
    'boolean',
    'date',
    'time',
    'datetime',
    'timestamp',
    'json',
    'array',
    'struct',
  ]),
  s3: new Set([
    'varchar',
    'char',
    'string',
    'tinyint',
    'smallint',
    'int',
    'integer',
    'bigint',
    'decimal',
    'float',
    'double',
    'real',
    'boolean',
    'date',
    'timestamp',
    'varbinary',
    'binary',
    'array',
    'map',
    'struct',
    'row',
  ]),
  postgres: new Set([
    'text',
    'varchar',
    'character varying',
    'char',
    'character',
    'smallint',
    'integer',
    'int',
    'int2',
    'int4',
    'int8',
    'bigint',
    'numeric',
    'decimal',
    'real',
    'double precision',
    'float4',
    'float8',
    'boolean',
    'bool',
    'date',
    'time',
    'timestamp',
    'timestamptz',
    'timestamp with time zone',
    'timestamp without time zone',
    'bytea',
    'uuid',
    'json',
    'jsonb',
  ]),
};

function physicalType(
  dataType: string,
  family: TypeFamily | undefined,
  platform: PlatformName,
): string {
  const name = baseType(dataType);
  if (!family || NATIVE[platform].has(name)) return dataType;
  return sameTypeElsewhere(name, dataType, platform) ?? platforms[platform].types[family];
}
/** A description in Jinja (`{{ doc(…) }}`) says nothing outside dbt. */
function isPlainText(description: string | undefined): description is string {
  return description !== undefined && !/\{[{%]/.test(description);
}
