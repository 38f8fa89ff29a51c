import { compareText } from './finding.js';
import { MAX_MANIFEST_DEPTH } from './manifest.js';
import type { Manifest } from './manifest.js';
import { ManifestError } from './manifest-error.js';

/**
 * Serialises a manifest: JSON with two spaces of indentation, keys sorted by their UTF-16 units, `\n`
 * at the end. Equal manifests give equal bytes, whatever the order of their keys; keys with an
 * undefined value are left out.
 *
 * @throws ManifestError `content-too-deep` for data nested deeper than 64.
 */
export function serializeManifest(manifest: Manifest): string {
  return `${write(manifest, '\n', 0)}\n`;
}

function write(value: unknown, newline: string, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth >= MAX_MANIFEST_DEPTH) {
    throw new ManifestError(
      'content-too-deep',
      `a manifest must not be nested deeper than ${MAX_MANIFEST_DEPTH}`,
      {
        blame: 'input',
      },
    );
  }
  const inner = `${newline}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => inner + write(item, inner, depth + 1));
    return items.length === 0 ? '[]' : `[${items.join(',')}${newline}]`;
  }
  const members = entriesOf(value).map(
    ([key, member]) => `${inner}${JSON.stringify(key)}: ${write(member, inner, depth + 1)}`,
  );
  return members.length === 0 ? '{}' : `{${members.join(',')}${newline}}`;
}

function entriesOf(value: object): [string, unknown][] {
  const entries: [string, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
  return entries.filter(([, member]) => member !== undefined).sort(([a], [b]) => compareText(a, b));
}
