import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareVersions } from './compare-versions.js';

test('orders as semver.org does, whatever the prefix', () => {
  const inOrder = [
    'alpha',
    'release-0.9',
    'v1.0.0-1',
    'v1.0.0-alpha',
    'v1.0.0-alpha.1',
    'v1.0.0-alpha.beta',
    'v1.0.0-beta.2',
    'v1.0.0-beta.11',
    'v1.0.0-rc.1',
    'v1.0.0',
    'docs@1.0.1',
    'v1.2',
    'v1.10.0',
    'pkg/v2.0.0',
    'v20231105.1',
    'v99999999999999999999.0.0',
  ];
  const shuffled = [...inOrder].reverse();
  expect(shuffled.sort(compareVersions)).toEqual(inOrder);
});

test('puts names without a version first, in natural order', () => {
  const names = ['v0.0.1', 'nightly-x10', 'nightly-x9', 'latest'];
  expect(names.sort(compareVersions)).toEqual(['latest', 'nightly-x9', 'nightly-x10', 'v0.0.1']);
});

test('is a total order', () => {
  const part = fc.constantFrom('v', '1', '10', '01', '.', '-', 'rc', '+', 'a', '@', '/', '0');
  const name = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) || 0);
      expect(compareVersions(a, b) === 0).toBe(a === b);
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) {
        expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }
    }),
    { numRuns: 3000 },
  );
});
