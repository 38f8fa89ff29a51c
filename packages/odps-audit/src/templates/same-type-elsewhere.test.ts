import { expect, it } from 'vitest';
import { platformNames } from './platform-names.js';
import { sameTypeElsewhere } from './same-type-elsewhere.js';

it.each([
  ['integer', 'integer', ['int', 'integer', 'int64', 'int', 'integer']],
  ['int8', 'int8', ['bigint', 'bigint', 'int64', 'bigint', 'bigint']],
  ['float8', 'float8', ['double', 'float', 'float64', 'double', 'double precision']],
  [
    'numeric',
    'numeric( 10, 2 )',
    ['decimal(10,2)', 'number(10,2)', 'numeric(10,2)', 'decimal(10,2)', 'numeric(10,2)'],
  ],
  ['numeric', 'numeric', Array<undefined>(5).fill(undefined)],
  ['geometry', 'geometry', Array<undefined>(5).fill(undefined)],
])('calls %s (%s) as each platform does', (name, written, expected) => {
  const order = ['databricks', 'snowflake', 'bigquery', 's3', 'postgres'] as const;
  expect([...order].sort()).toEqual([...platformNames].sort());
  expect(order.map((platform) => sameTypeElsewhere(name, written, platform))).toEqual(expected);
});
