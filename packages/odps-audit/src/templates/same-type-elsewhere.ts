import type { PlatformName } from './platform-names.js';

interface SameType {
  /** What databases call it. */
  readonly names: readonly string[];
  readonly called: Readonly<Record<PlatformName, string>>;
  /** Precision and scale are part of it: without them databases differ in what they take. */
  readonly isSized?: true;
}

const SAME_TYPES: readonly SameType[] = [
  {
    names: ['smallint', 'int2', 'short'],
    called: everywhere('smallint', { bigquery: 'int64' }),
  },
  {
    names: ['int', 'integer', 'int4'],
    called: everywhere('int', { bigquery: 'int64', snowflake: 'integer', postgres: 'integer' }),
  },
  {
    names: ['bigint', 'int8', 'int64', 'long'],
    called: everywhere('bigint', { bigquery: 'int64' }),
  },
  {
    names: ['numeric', 'decimal', 'dec', 'number'],
    called: everywhere('numeric', { databricks: 'decimal', snowflake: 'number', s3: 'decimal' }),
    isSized: true,
  },
  {
    names: ['real', 'float4'],
    called: everywhere('float', { bigquery: 'float64', postgres: 'real' }),
  },
  {
    names: ['float', 'double', 'double precision', 'float8', 'float64'],
    called: everywhere('double', {
      bigquery: 'float64',
      snowflake: 'float',
      postgres: 'double precision',
    }),
  },
  {
    names: [
      'timestamptz',
      'timestamp_tz',
      'timestamp_ltz',
      'timestampltz',
      'timestamp with time zone',
    ],
    called: everywhere('timestamp', { snowflake: 'timestamp_tz', postgres: 'timestamptz' }),
  },
  {
    names: ['datetime', 'timestamp_ntz', 'timestampntz', 'timestamp without time zone'],
    called: everywhere('timestamp', {
      databricks: 'timestamp_ntz',
      snowflake: 'timestamp_ntz',
      bigquery: 'datetime',
    }),
  },
];

function everywhere(
  name: string,
  but: Readonly<Partial<Record<PlatformName, string>>>,
): Readonly<Record<PlatformName, string>> {
  return {
    databricks: name,
    snowflake: name,
    bigquery: name,
    s3: name,
    postgres: name,
    ...but,
  };
}

/** What a platform calls a type that another one names so; undefined where only the family can be told. */
export function sameTypeElsewhere(
  name: string,
  written: string,
  platform: PlatformName,
): string | undefined {
  const same = SAME_TYPES.find(({ names }) => names.includes(name));
  if (!same) return undefined;
  if (!same.isSized) return same.called[platform];
  const sizes = /\(\s*\d+\s*(?:,\s*\d+\s*)?\)/.exec(written)?.[0];
  return sizes && `${same.called[platform]}${sizes.replace(/\s+/g, '')}`;
}
