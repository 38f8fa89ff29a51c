import type { CheckInput } from './check.js';
import type { ValidationFile } from './validation-file.js';
import type { Finding } from '@holdfast/findings';

/**
 * Says what becomes of a breakage that the source itself already has: `true` or `warn` makes it a warning, `block`
 * leaves it an error that says so. `false`: the source does not have it.
 */
export type KnownBreakage = (file: ValidationFile, finding: Finding) => boolean | 'warn' | 'block';

export interface KnownBreakageOptions {
  /**
   * What becomes of what the source has already. Default: a broken link or a fenced block warns, a whole JSON, YAML or
   * schema file (`data.origin` is `file`) blocks, for whoever reads it downstream fails.
   */
  action?: 'warn' | 'block';
}

/**
 * The predicate for the `knownBroken` option of the link and schema checks, from the findings of the same checks over
 * the source's own files. A breakage counts as known when the same source file has one of the same rule that says the
 * same; of a broken link only the file name and the fragment must be the same, for a transform may rewrite its
 * directories. What would harm whoever reads it (alias bombs, deep nesting, prototype keys) blocks in any case.
 *
 * @example
 * const source = await validate(sourceFiles, [linkIntegrityCheck(), schemaCheck()], { ...context, tree: sourceTree });
 * const knownBroken = knownBreakage(source.findings);
 * await validate(files, [linkIntegrityCheck({ knownBroken }), schemaCheck({ knownBroken })], context);
 */
export function knownBreakage(
  sourceFindings: readonly Finding[],
  { action }: KnownBreakageOptions = {},
): KnownBreakage {
  const known = new Set(sourceFindings.map((finding) => breakageKey(finding.path, finding)));
  return ({ path, sourcePath = path }, finding) => {
    if (HOSTILE.has(finding.ruleId) || !known.has(breakageKey(sourcePath, finding))) return false;
    return action ?? (finding.data?.['origin'] === 'file' ? 'block' : 'warn');
  };
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

/**
 * The findings with the known errors turned into warnings that say so (`data.known`); one that blocks all the same says
 * which key of the rule lets it pass.
 */
export function softenKnown(
  findings: readonly Finding[],
  { tree }: CheckInput,
  { knownBroken, check }: { knownBroken: KnownBreakage | undefined; check: string },
): Finding[] {
  if (!knownBroken) return [...findings];
  return findings.map((finding) => {
    const file = tree.file(finding.path);
    const known = finding.severity === 'error' && file ? knownBroken(file, finding) : false;
    if (known === false) return finding;
    const data = { ...finding.data, known: true };
    if (known !== 'block') {
      const message = `${finding.message} (as in the source)`;
      return { ...finding, severity: 'warning', message, data };
    }
    const way = `validation: {source_findings: {${check}: warn}}`;
    const message = `${finding.message} (as in the source: mend it there; to deliver it all the same, add to the rule: ${way})`;
    return { ...finding, message, data };
  });
}
