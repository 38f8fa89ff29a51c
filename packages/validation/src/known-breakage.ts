import type { CheckInput } from './check.js';
import type { ValidationFile } from './validation-file.js';
import type { Finding } from '@holdfast/findings';

/** Says whether the source itself already has a breakage; such a one is a warning. */
export type KnownBreakage = (file: ValidationFile, finding: Finding) => boolean;

/**
 * The predicate for the `knownBroken` option of the link and schema checks, from the findings of the same checks over
 * the source's own files. A breakage counts as known when the same source file has one of the same rule that says the
 * same; of a broken link only the file name and the fragment must be the same, for a transform may rewrite its
 * directories. What would harm whoever reads it (alias bombs, deep nesting, prototype keys) never counts as known.
 *
 * @example
 * const source = await validate(sourceFiles, [linkIntegrityCheck(), schemaCheck()], { ...context, tree: sourceTree });
 * const knownBroken = knownBreakage(source.findings);
 * await validate(files, [linkIntegrityCheck({ knownBroken }), schemaCheck({ knownBroken })], context);
 */
export function knownBreakage(sourceFindings: readonly Finding[]): KnownBreakage {
  const harmless = sourceFindings.filter(({ ruleId }) => !HOSTILE.has(ruleId));
  const known = new Set(harmless.map((finding) => breakageKey(finding.path, finding)));
  return ({ path, sourcePath = path }, finding) => known.has(breakageKey(sourcePath, finding));
}

/** What harms whoever reads it blocks, whether the source has it already or not. */
const HOSTILE: ReadonlySet<string> = new Set([
  'schema/alias-bomb',
  'schema/too-deep',
  'schema/prototype-key',
]);

function breakageKey(path: string, { ruleId, message, data }: Finding): string {
  const url = data?.['url'];
  if (typeof url !== 'string') return JSON.stringify([path, ruleId, message]);
  const [pathname = '', fragment = ''] = url.split('#', 2);
  return JSON.stringify([path, ruleId, pathname.replace(/\/+$/, '').split('/').at(-1), fragment]);
}

/** The findings with the known errors turned into warnings that say so (`data.known`). */
export function softenKnown(
  findings: readonly Finding[],
  { tree }: CheckInput,
  knownBroken: KnownBreakage | undefined,
): Finding[] {
  if (!knownBroken) return [...findings];
  return findings.map((finding) => {
    const file = tree.file(finding.path);
    if (finding.severity !== 'error' || !file || !knownBroken(file, finding)) return finding;
    const message = `${finding.message} (as in the source)`;
    return { ...finding, severity: 'warning', message, data: { ...finding.data, known: true } };
  });
}
