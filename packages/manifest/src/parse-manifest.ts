import { indexLines, readJson } from '@holdfast/text';
import { findManifestProblems } from './check-manifest.js';
import type { ManifestProblem } from './check-manifest.js';
import { errorAt, invalid } from './parsed.js';
import type { Finding } from '@holdfast/findings';
import type { Parsed } from './parsed.js';
import type { Manifest, ManifestEntry } from './manifest.js';

const MAX_LENGTH = 64 * 1_048_576;
/** As deep as `JSON.parse` goes and further: what is nested too deep is a finding of its own. */
const MAX_SYNTAX_DEPTH = 1_000_000;

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
  const [problem] = readJson(source, { maxDepth: MAX_SYNTAX_DEPTH }).problems.filter(
    ({ code }) => code === 'syntax' || code === 'too-deep',
  );
  const { start = source.length, message: problemMessage = 'expected JSON' } = problem ?? {};
  const marker = /^(?:<{7}|={7}|>{7})/.exec(source.slice(start, start + 7));
  const message = marker
    ? 'the manifest holds the conflict markers of a merge: keep one side of it, whole'
    : `the manifest is no JSON: ${problemMessage}`;
  return errorAt(file, indexLines(source).rangeAt(start, start), 'json-syntax', message);
}

/** Finds the places of problems; a value that is missing is placed at what should hold it. */
function locateProblems(
  problems: readonly ManifestProblem[],
  source: string,
  file: string,
): Finding[] {
  const [value] = readJson(source, { maxDepth: MAX_SYNTAX_DEPTH }).values;
  const lines = indexLines(source);
  return problems.map(({ path, ruleId, message }) => {
    const span = value?.spanOf(path) ?? value?.spanOf(path.slice(0, -1)) ?? { start: 0, end: 0 };
    return errorAt(file, lines.rangeOf(span), ruleId, message);
  });
}
