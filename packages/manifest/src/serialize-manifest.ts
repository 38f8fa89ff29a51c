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
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth >= MAX_MANIFEST_DEPTH) throw tooDeep();
  const inner = `${newline}  `;
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text && ','}${inner}${write(item, inner, depth + 1)}`;
    return text === '' ? '[]' : `[${text}${newline}]`;
  }
  const isMap = value instanceof Map;
  for (const key of (isMap ? [...value.keys()] : Object.keys(value)).sort()) {
    const member: unknown = isMap ? value.get(key) : (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    text += `${text && ','}${inner}${quote(key)}: ${write(member, inner, depth + 1)}`;
  }
  return text === '' ? '{}' : `{${text}${newline}}`;
}

/** A JSON string; most hold nothing to escape. */
function quote(text: string): string {
  return /^[ !#-[\]-~]*$/.test(text) ? `"${text}"` : JSON.stringify(text);
}

function tooDeep(): ManifestError {
  const message = `a manifest must not be nested deeper than ${MAX_MANIFEST_DEPTH} levels`;
  return new ManifestError('content-too-deep', message, { blame: 'input' });
}
