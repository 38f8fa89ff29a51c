import { expect, test } from 'vitest';
import { closestName } from './closest-name.js';

const names = ['strategy', 'source', 'filters', 'to', 'org/webapp'];

test.each([
  ['strategi', 'strategy'],
  ['stratgey', 'strategy'],
  ['Strategy', 'strategy'],
  ['filter', 'filters'],
  ['sorce', 'source'],
  ['too', 'to'],
  ['org/web-app', 'org/webapp'],
  ['frequency', undefined],
  ['x', undefined],
  ['x'.repeat(10_000), undefined],
])('%.20s: %s', (name, expected) => {
  expect(closestName(name, names)).toBe(expected);
});
