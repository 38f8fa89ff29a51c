import type { Check, CheckInput, CheckResult, ValidationContext } from './check.js';
import type { ValidationFile } from './validation-file.js';
import { createDocumentReader } from './document-reader.js';
import { layFilesOver } from './file-tree.js';
import type { Finding } from '@holdfast/findings';
import { defaultLimits, type ValidationLimits } from './limits.js';
import { createReport, type CheckOutcome, type ValidationReport } from './report.js';

/**
 * Runs checks over a set of files and returns one report; it never throws for what the files hold.
 *
 * The checks run side by side and share one reader, which parses each document once. A check that throws is
 * reported as failed and blocks. What is wrong with the files whichever check looks at them (a path given twice,
 * a document too large to be read) stands in a row of its own, `input`, which is there only when it has something
 * to say.
 *
 * @example
 * const report = await validate(files, [linkIntegrityCheck(), secretScanCheck()], {
 *   ruleId: 'sync-webapp', runAt: new Date(), sourceVersion: 'v2.4.0', tree,
 * });
 * if (report.blocked) console.error(formatReport(report, 'text'));
 */
export async function validate(
  files: readonly ValidationFile[],
  checks: readonly Check[],
  context: ValidationContext,
): Promise<ValidationReport> {
  const limits = { ...defaultLimits, ...context.limits };
  const { unique, findings } = separateDuplicates(files);
  const tree = layFilesOver(unique, context.tree);
  const documents = createDocumentReader(unique, limits);
  const input: CheckInput = {
    files: unique,
    documents,
    tree,
    ruleId: context.ruleId,
    sourceVersion: context.sourceVersion,
    limits,
  };
  const outcomes = await Promise.all(checks.map((check) => runCheck(check, input, context)));
  const inputFindings = [...findings, ...documents.problems()];
  return createReport([...inputOutcome(inputFindings), ...outcomes], context);
}

function separateDuplicates(files: readonly ValidationFile[]): {
  unique: ValidationFile[];
  findings: Finding[];
} {
  const byPath = new Map<string, ValidationFile>();
  const repeated = new Set<string>();
  for (const file of files) {
    if (byPath.has(file.path)) repeated.add(file.path);
    else byPath.set(file.path, file);
  }
  return {
    unique: [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    findings: [...repeated].map((path) => ({
      ruleId: 'input/duplicate-path',
      severity: 'error',
      message: 'the path is given more than once; only the first file was checked',
      path,
    })),
  };
}

async function runCheck(
  check: Check,
  input: CheckInput,
  context: ValidationContext,
): Promise<CheckOutcome> {
  const missing = check.needs.find((need) =>
    need === 'tree' ? !context.tree : input.files.length === 0,
  );
  if (missing) {
    const details = missing === 'tree' ? "the target's tree was not given" : 'no files to check';
    return { check, result: { findings: [], details, skipped: true } };
  }
  try {
    const result = await check.run(input);
    const findings = capFindings(result, input.limits).map((finding) => softenOwn(finding, input));
    return { check, result: { ...result, findings } };
  } catch (error) {
    return { check, result: { failure: error instanceof Error ? error.message : String(error) } };
  }
}

/** An error in the target's own text is a warning that says whose it is; a wrong checksum stays one. */
function softenOwn(finding: Finding, { tree }: CheckInput): Finding {
  const { severity, ruleId, message, path, data } = finding;
  if (severity !== 'error' || ruleId.startsWith('checksum/')) return finding;
  const owner = tree.file(path)?.owner;
  if ((typeof owner === 'function' ? owner(finding) : owner) !== 'target') return finding;
  return {
    ...finding,
    severity: 'warning',
    message: `${message} (in the target's own text, which its owner can mend)`,
    data: { ...data, owner: 'target' },
  };
}

/** Keeps the first findings of each file, so that one hostile file cannot drown the rest. */
function capFindings(
  { findings, omitted = new Map() }: CheckResult,
  { maxFindingsPerFile }: ValidationLimits,
): Finding[] {
  const kept: Finding[] = [];
  for (const [path, all] of Map.groupBy(findings, ({ path }) => path)) {
    for (const finding of all.slice(0, maxFindingsPerFile)) kept.push(finding);
    const left = all.slice(maxFindingsPerFile);
    const number = left.length + (omitted.get(path) ?? 0);
    if (number === 0) continue;
    // What was not made into a finding weighs as much as those that were.
    const weighed = left.length > 0 ? left : all;
    const isError = weighed.some(({ severity }) => severity === 'error');
    kept.push({
      ruleId: 'input/too-many-findings',
      severity: isError ? 'error' : 'warning',
      message: `${number} more findings in this file are left out`,
      path,
      data: { omitted: number },
    });
  }
  return kept;
}

function inputOutcome(findings: Finding[]): CheckOutcome[] {
  if (findings.length === 0) return [];
  const paths = new Set(findings.map(({ path }) => path));
  const details = `${paths.size} ${paths.size === 1 ? 'file' : 'files'} could not be read as given`;
  return [{ check: { id: 'input', failureAction: 'block' }, result: { findings, details } }];
}
