/**
 * Orders tag names from old to new by semantic version (semver.org 2.0.0, section 11), whatever
 * prefix they bear (`v1.2.3`, `docs@1.2.3`, `pkg/v1.2.3`); missing parts count as 0. Names without a version come
 * before those with one. What is equal so is put in natural order: digits by value, else by code.
 */
export function compareVersions(a: string, b: string): number {
  const versionA = parseVersion(a);
  const versionB = parseVersion(b);
  if (versionA === undefined || versionB === undefined) {
    if (versionA !== versionB) return versionA === undefined ? -1 : 1;
    return compareNaturally(a, b);
  }
  return (
    compareLists(versionA.numbers, versionB.numbers) ||
    comparePrereleases(versionA.prerelease, versionB.prerelease) ||
    compareNaturally(a, b)
  );
}

interface Version {
  readonly numbers: string[];
  readonly prerelease: string[];
}

function parseVersion(name: string): Version | undefined {
  const match =
    /^(?:.*?[@/_-])??[vV]?(\d{1,64})(?:\.(\d{1,64}))?(?:\.(\d{1,64}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(
      name,
    );
  if (match === null) return undefined;
  const [, major = '0', minor = '0', patch = '0', prerelease] = match;
  return { numbers: [major, minor, patch], prerelease: prerelease?.split('.') ?? [] };
}

function comparePrereleases(a: string[], b: string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  return compareLists(a, b);
}

function compareLists(a: string[], b: string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const order = compareIdentifiers(a[index] ?? '', b[index] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Numbers by value and before words; words by code. */
function compareIdentifiers(a: string, b: string): number {
  const isNumberA = /^\d+$/.test(a);
  const isNumberB = /^\d+$/.test(b);
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  if (!isNumberA) return compareCodes(a, b);
  const digitsA = a.replace(/^0+(?=\d)/, '');
  const digitsB = b.replace(/^0+(?=\d)/, '');
  return digitsA.length - digitsB.length || compareCodes(digitsA, digitsB);
}

function compareNaturally(a: string, b: string): number {
  const split = (text: string): string[] => text.match(/\d+|\D+/g) ?? [];
  return compareLists(split(a), split(b)) || compareCodes(a, b);
}

function compareCodes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
