import { findManifestProblems } from './check-manifest.js';
import type { ManifestProblem } from './check-manifest.js';
import { errorAt, invalid } from './finding.js';
import type { Finding, Parsed } from './finding.js';
import type { Manifest, ManifestEntry } from './manifest.js';
import { scanJson } from './scan-json.js';
import { indexPlaces } from './text-places.js';

const MAX_LENGTH = 64 * 1_048_576;

/**
 * Parses a manifest. All that is wrong comes back at once, with places; a manifest of a later
 * version of the format is one finding of the rule `manifest-newer-version`, whatever else it holds.
 *
 * Keys that this version does not know are kept as they are. 20,000 entries take some milliseconds
 * more than `JSON.parse`: entries are checked by hand, and places are looked for only on failure.
 */
export function parseManifest(text: string, { file }: { readonly file: string }): Parsed<Manifest> {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (source.length > MAX_LENGTH) {
    const message = `a manifest must not hold more than ${MAX_LENGTH} characters, it has ${source.length}`;
    return invalid([errorAt(file, undefined, 'json-limit', message)]);
  }
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return invalid([explainSyntax(source, file)]);
  }
  const problems = findManifestProblems(value);
  return problems.length > 0
    ? invalid(locateProblems(problems, source, file))
    : { kind: 'parsed', value: toManifest(value as Record<string, unknown>) };
}

function toManifest(value: Record<string, unknown>): Manifest {
  const written = value['files'] as Record<string, ManifestEntry>;
  const files = new Map<string, ManifestEntry>();
  for (const path in written) files.set(path, written[path] as ManifestEntry);
  return { ...(value as unknown as Manifest), files };
}

function explainSyntax(source: string, file: string): Finding {
  const atEnd = { offset: source.length, message: 'expected JSON' };
  const problem = scanJson(source, () => undefined) ?? atEnd;
  const marker = /^(?:<{7}|={7}|>{7})/.exec(source.slice(problem.offset, problem.offset + 7));
  const message = marker
    ? 'the manifest holds the conflict markers of a merge: keep one side of it, whole'
    : `the manifest is no JSON: ${problem.message}`;
  const range = indexPlaces(source).range(problem.offset, problem.offset);
  return errorAt(file, range, 'json-syntax', message);
}

/** Finds the places of problems in one walk; a value that is missing is placed at what should hold it. */
function locateProblems(
  problems: readonly ManifestProblem[],
  source: string,
  file: string,
): Finding[] {
  const offsets = new Map<string, readonly [start: number, end: number]>();
  const wanted = new Set(problems.flatMap(({ path }) => [keyOf(path), keyOf(path.slice(0, -1))]));
  scanJson(source, (path, start, end) => {
    const key = keyOf(path);
    if (wanted.has(key)) offsets.set(key, [start, end]);
  });
  const places = indexPlaces(source);
  return problems.map(({ path, ruleId, message }) => {
    const [start, end] = offsets.get(keyOf(path)) ??
      offsets.get(keyOf(path.slice(0, -1))) ?? [0, 0];
    return errorAt(file, places.range(start, end), ruleId, message);
  });
}

function keyOf(path: readonly (string | number)[]): string {
  return JSON.stringify(path);
}
