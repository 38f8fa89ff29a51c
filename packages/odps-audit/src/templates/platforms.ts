import type { YamlValue } from '../fix/yaml-value.js';
import type { TypeFamily } from '../contract/column-type.js';
import type { Values } from '../fix/placeholders.js';
import { platformNames } from './platform-names.js';
import type { PlatformName } from './platform-names.js';

/** What differs from one database to another in contract and workflow. */
export interface Platform {
  /** The dbt adapter, as it is installed, and what datacontract-cli needs. */
  readonly packages: readonly string[];
  /** The server of a contract, as its type of ODCS asks for. */
  server(values: Values): Readonly<Record<string, YamlValue>>;
  /** The profile of dbt; what is secret comes from the environment. */
  profile(values: Values): Readonly<Record<string, YamlValue>>;
  /** The variables of the environment, and the secrets that they come from. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The physical type of each family. */
  readonly types: Readonly<Record<TypeFamily, string>>;
}

/** Jinja of dbt: the variable of the environment, when dbt runs. */
function env(name: string, filter = ''): string {
  return `{{ env_var('${name}')${filter} }}`;
}

/** What a contract says of a host that no file should name: the workflow fills it in from the secret. */
export function fromSecret(name: string): string {
  return `\${${name}}`;
}

/** The variables that the server of a contract leaves to the workflow. */
export function openVariablesOf(server: unknown): string[] {
  const values: unknown[] =
    typeof server === 'object' && server !== null ? Object.values(server) : [];
  return values.flatMap((value) =>
    typeof value === 'string' ? (/^\$\{(\w+)\}$/.exec(value)?.[1] ?? []) : [],
  );
}

const ANSI = {
  number: 'numeric',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  time: 'time',
} as const;

export const platforms: Readonly<Record<PlatformName, Platform>> = {
  databricks: {
    packages: ['dbt-databricks', 'datacontract-cli[databricks]'],
    server: ({ CATALOG, SCHEMA }) => ({ type: 'databricks', catalog: CATALOG, schema: SCHEMA }),
    profile: ({ CATALOG, SCHEMA }) => ({
      type: 'databricks',
      catalog: CATALOG,
      schema: SCHEMA,
      host: env('DBT_DATABRICKS_HOST'),
      http_path: env('DBT_DATABRICKS_HTTP_PATH'),
      token: env('DBT_DATABRICKS_TOKEN'),
      threads: 4,
    }),
    secrets: {
      DBT_DATABRICKS_HOST: 'DBT_DATABRICKS_HOST',
      DBT_DATABRICKS_HTTP_PATH: 'DBT_DATABRICKS_HTTP_PATH',
      DBT_DATABRICKS_TOKEN: 'DBT_DATABRICKS_TOKEN',
      DATACONTRACT_DATABRICKS_SERVER_HOSTNAME: 'DBT_DATABRICKS_HOST',
      DATACONTRACT_DATABRICKS_HTTP_PATH: 'DBT_DATABRICKS_HTTP_PATH',
      DATACONTRACT_DATABRICKS_TOKEN: 'DBT_DATABRICKS_TOKEN',
    },
    types: {
      ...ANSI,
      string: 'string',
      integer: 'bigint',
      number: 'decimal(38,9)',
      time: 'string',
      binary: 'binary',
      array: 'array<string>',
      object: 'variant',
    },
  },
  snowflake: {
    packages: ['dbt-snowflake', 'datacontract-cli[snowflake]'],
    server: ({ CATALOG, SCHEMA, ACCOUNT }) => ({
      type: 'snowflake',
      account: ACCOUNT ?? fromSecret('DBT_SNOWFLAKE_ACCOUNT'),
      database: CATALOG,
      schema: SCHEMA,
    }),
    profile: ({ CATALOG, SCHEMA }) => ({
      type: 'snowflake',
      account: env('DBT_SNOWFLAKE_ACCOUNT'),
      user: env('DBT_SNOWFLAKE_USER'),
      password: env('DBT_SNOWFLAKE_PASSWORD'),
      role: env('DBT_SNOWFLAKE_ROLE'),
      warehouse: env('DBT_SNOWFLAKE_WAREHOUSE'),
      database: CATALOG,
      schema: SCHEMA,
      threads: 4,
    }),
    secrets: {
      DBT_SNOWFLAKE_ACCOUNT: 'DBT_SNOWFLAKE_ACCOUNT',
      DBT_SNOWFLAKE_USER: 'DBT_SNOWFLAKE_USER',
      DBT_SNOWFLAKE_PASSWORD: 'DBT_SNOWFLAKE_PASSWORD',
      DBT_SNOWFLAKE_ROLE: 'DBT_SNOWFLAKE_ROLE',
      DBT_SNOWFLAKE_WAREHOUSE: 'DBT_SNOWFLAKE_WAREHOUSE',
      DATACONTRACT_SNOWFLAKE_USERNAME: 'DBT_SNOWFLAKE_USER',
      DATACONTRACT_SNOWFLAKE_PASSWORD: 'DBT_SNOWFLAKE_PASSWORD',
      DATACONTRACT_SNOWFLAKE_ROLE: 'DBT_SNOWFLAKE_ROLE',
      DATACONTRACT_SNOWFLAKE_WAREHOUSE: 'DBT_SNOWFLAKE_WAREHOUSE',
    },
    types: {
      ...ANSI,
      string: 'varchar',
      integer: 'number(38,0)',
      number: 'number(38,9)',
      timestamp: 'timestamp_ntz',
      binary: 'binary',
      array: 'array',
      object: 'object',
    },
  },
  bigquery: {
    packages: ['dbt-bigquery', 'datacontract-cli[bigquery]'],
    server: ({ CATALOG, SCHEMA }) => ({ type: 'bigquery', project: CATALOG, dataset: SCHEMA }),
    profile: ({ CATALOG, SCHEMA }) => ({
      type: 'bigquery',
      method: 'service-account-json',
      project: CATALOG,
      dataset: SCHEMA,
      keyfile_json: env('DBT_BIGQUERY_KEYFILE_JSON', ' | as_native'),
      threads: 4,
    }),
    secrets: {
      DBT_BIGQUERY_KEYFILE_JSON: 'DBT_BIGQUERY_KEYFILE_JSON',
    },
    types: {
      ...ANSI,
      string: 'string',
      integer: 'int64',
      boolean: 'bool',
      binary: 'bytes',
      array: 'array<string>',
      object: 'json',
    },
  },
  s3: {
    packages: ['dbt-athena', 'datacontract-cli[s3]'],
    server: ({ CATALOG, SCHEMA, TABLE, LOCATION }) => ({
      type: 's3',
      location: LOCATION ?? `s3://${CATALOG}/${SCHEMA}/${TABLE}/*.parquet`,
      format: 'parquet',
    }),
    profile: ({ CATALOG, SCHEMA }) => ({
      type: 'athena',
      database: 'awsdatacatalog',
      schema: SCHEMA.replace(/\W+/g, '_').toLowerCase(),
      region_name: env('AWS_REGION'),
      s3_staging_dir: env('DBT_ATHENA_S3_STAGING_DIR'),
      s3_data_dir: `s3://${CATALOG}/${SCHEMA}/`,
      s3_data_naming: 'table',
      threads: 4,
    }),
    secrets: {
      AWS_ACCESS_KEY_ID: 'AWS_ACCESS_KEY_ID',
      AWS_SECRET_ACCESS_KEY: 'AWS_SECRET_ACCESS_KEY',
      AWS_REGION: 'AWS_REGION',
      DBT_ATHENA_S3_STAGING_DIR: 'DBT_ATHENA_S3_STAGING_DIR',
      DATACONTRACT_S3_ACCESS_KEY_ID: 'AWS_ACCESS_KEY_ID',
      DATACONTRACT_S3_SECRET_ACCESS_KEY: 'AWS_SECRET_ACCESS_KEY',
      DATACONTRACT_S3_REGION: 'AWS_REGION',
    },
    types: {
      ...ANSI,
      string: 'varchar',
      integer: 'bigint',
      number: 'decimal(38,9)',
      time: 'varchar',
      binary: 'varbinary',
      array: 'array<varchar>',
      object: 'varchar',
    },
  },
  postgres: {
    packages: ['dbt-postgres', 'datacontract-cli[postgres]'],
    server: ({ CATALOG, SCHEMA, HOST, PORT }) => ({
      type: 'postgres',
      host: HOST ?? fromSecret('DBT_POSTGRES_HOST'),
      port: Number(PORT ?? 5432),
      database: CATALOG,
      schema: SCHEMA,
    }),
    profile: ({ CATALOG, SCHEMA, PORT }) => ({
      type: 'postgres',
      host: env('DBT_POSTGRES_HOST'),
      port: Number(PORT ?? 5432),
      user: env('DBT_POSTGRES_USER'),
      password: env('DBT_POSTGRES_PASSWORD'),
      dbname: CATALOG,
      schema: SCHEMA,
      threads: 4,
    }),
    secrets: {
      DBT_POSTGRES_HOST: 'DBT_POSTGRES_HOST',
      DBT_POSTGRES_USER: 'DBT_POSTGRES_USER',
      DBT_POSTGRES_PASSWORD: 'DBT_POSTGRES_PASSWORD',
      DATACONTRACT_POSTGRES_USERNAME: 'DBT_POSTGRES_USER',
      DATACONTRACT_POSTGRES_PASSWORD: 'DBT_POSTGRES_PASSWORD',
    },
    types: {
      ...ANSI,
      string: 'text',
      integer: 'bigint',
      binary: 'bytea',
      array: 'text[]',
      object: 'jsonb',
    },
  },
};

/** The platform that a type of ODCS, or an adapter of dbt, stands for. */
export function platformOf(type: string | undefined): PlatformName | undefined {
  const name = type?.toLowerCase() ?? '';
  if (name === 'postgresql') return 'postgres';
  if (name === 'athena') return 's3';
  return platformNames.find((known) => known === name);
}
