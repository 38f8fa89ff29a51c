/** What kind of values a type of any database, or of ODCS, has. */
export type TypeFamily =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'time'
  | 'binary'
  | 'array'
  | 'object';

const FAMILIES: Readonly<Record<TypeFamily, readonly string[]>> = {
  string: [
    'string',
    'text',
    'varchar',
    'char',
    'character',
    'character varying',
    'nvarchar',
    'nchar',
    'bpchar',
    'uuid',
    'json',
    'jsonb',
    'citext',
    'variant',
  ],
  integer: [
    'integer',
    'int',
    'int2',
    'int4',
    'int8',
    'int64',
    'bigint',
    'smallint',
    'tinyint',
    'byteint',
    'long',
    'short',
    'serial',
    'bigserial',
  ],
  number: [
    'number',
    'numeric',
    'decimal',
    'bignumeric',
    'bigdecimal',
    'dec',
    'float',
    'float4',
    'float8',
    'float64',
    'double',
    'double precision',
    'real',
  ],
  boolean: ['boolean', 'bool'],
  date: ['date'],
  timestamp: [
    'timestamp',
    'timestamptz',
    'timestamp_ntz',
    'timestamp_ltz',
    'timestamp_tz',
    'timestampntz',
    'timestampltz',
    'timestamptz',
    'datetime',
    'timestamp with time zone',
    'timestamp without time zone',
  ],
  time: ['time', 'timetz', 'time with time zone', 'time without time zone'],
  binary: ['binary', 'bytes', 'bytea', 'varbinary', 'blob'],
  array: ['array', 'list'],
  object: ['object', 'struct', 'record', 'map', 'row'],
};

const BY_NAME: ReadonlyMap<string, TypeFamily> = new Map(
  (Object.keys(FAMILIES) as TypeFamily[]).flatMap((family) =>
    FAMILIES[family].map((name) => [name, family] as const),
  ),
);

/** A type without what is in brackets: `numeric(10,2)` is `numeric`, `array<string>` is `array`. */
export function baseType(type: string): string {
  const bare = type
    .toLowerCase()
    .replace(/[(<].*$/s, (rest) => /\)\s*([a-z].*)$/s.exec(rest)?.[1] ?? '');
  return bare.replace(/\s+/g, ' ').trim();
}

/** The family of a type; undefined for one that is not known. */
export function typeFamily(type: string): TypeFamily | undefined {
  if (/\[\]\s*$/.test(type)) return 'array';
  return BY_NAME.get(baseType(type.replace(/\)(?=[a-z])/gi, ') ')));
}

/** Whether two families can be those of one column: an integer is a number. */
export function isSameFamily(one: TypeFamily, other: TypeFamily): boolean {
  const numbers = new Set<TypeFamily>(['integer', 'number']);
  return one === other || (numbers.has(one) && numbers.has(other));
}

const WIDENING: readonly (readonly string[])[] = [
  [
    'byteint',
    'tinyint',
    'smallint',
    'int2',
    'short',
    'int',
    'integer',
    'int4',
    'bigint',
    'int8',
    'int64',
    'long',
  ],
  ['real', 'float4', 'float', 'double', 'double precision', 'float8', 'float64'],
  ['char', 'character', 'varchar', 'character varying', 'text', 'string'],
];
const SAME: readonly (readonly string[])[] = [
  ['int', 'integer', 'int4'],
  ['bigint', 'int8', 'int64', 'long'],
  ['smallint', 'int2', 'short'],
  ['numeric', 'decimal', 'dec', 'number'],
  ['varchar', 'character varying'],
  ['text', 'string'],
  ['double', 'double precision', 'float8', 'float64'],
  ['boolean', 'bool'],
  ['timestamptz', 'timestamp with time zone'],
];

/** Whether every value of a physical type is one of another: then a consumer who reads the first can go on. */
export function holdsAll(from: string, to: string): boolean {
  const [before, after] = [baseType(from), baseType(to)];
  const equal =
    before === after || SAME.some((names) => names.includes(before) && names.includes(after));
  if (equal) return holdsSizes(sizesOf(from), sizesOf(to));
  return WIDENING.some(
    (names) => names.includes(before) && names.indexOf(before) < names.indexOf(after),
  );
}

function sizesOf(type: string): number[] {
  const inside = /\(([\d\s,]+)\)/.exec(type)?.[1];
  return inside === undefined ? [] : inside.split(',').map(Number);
}

/** No sizes hold everything; of a decimal, digits before the point and after it must both be enough. */
function holdsSizes([from, fromScale = 0]: number[], [to, toScale = 0]: number[]): boolean {
  if (to === undefined) return true;
  if (from === undefined) return false;
  return toScale >= fromScale && to - toScale >= from - fromScale;
}
