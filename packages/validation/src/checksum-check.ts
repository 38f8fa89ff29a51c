import { hashSha256 } from '@holdfast/text';
import type { Check, CheckInput, CheckResult } from './check.js';
import type { Finding } from '@holdfast/findings';

export interface ChecksumOptions {
  /**
   * The SHA-256 in hexadecimal of every file that must be there, by path. Files beyond them, and paths without a
   * file, are findings. Without it, each file's own `expectedSha256` is compared.
   */
  expected?: ReadonlyMap<string, string>;
}

/**
 * Compares what lies there with what must lie there. The caller brings the two sides from different places (the
 * pushed branch and a second derivation, or a work tree and its manifest): comparing a derivation with itself proves
 * nothing.
 *
 * Findings: `checksum/mismatch`, `checksum/missing`, `checksum/unexpected`.
 */
export function checksumCheck({ expected }: ChecksumOptions = {}): Check {
  return {
    id: 'checksum',
    needs: [],
    failureAction: 'block',
    run: (input) => (expected ? compareAll(input, expected) : compareGiven(input)),
  };
}

function compareAll({ files }: CheckInput, expected: ReadonlyMap<string, string>): CheckResult {
  const present = new Set(files.map(({ path }) => path));
  const findings = files.flatMap(({ path, content }) => {
    const sha256 = expected.get(path);
    if (sha256 === undefined)
      return [finding('unexpected', path, 'nothing is expected to lie here')];
    return compare(path, content, sha256);
  });
  for (const path of expected.keys()) {
    if (!present.has(path))
      findings.push(finding('missing', path, 'a file is expected here, and there is none'));
  }
  const matching =
    files.length - findings.filter(({ ruleId }) => ruleId !== 'checksum/missing').length;
  return { findings, details: `${matching}/${expected.size} files match` };
}

function compareGiven({ files }: CheckInput): CheckResult {
  const compared = files.filter(({ expectedSha256 }) => expectedSha256 !== undefined);
  if (compared.length === 0)
    return { findings: [], details: 'no checksum is expected of any file', skipped: true };
  const findings = compared.flatMap(({ path, content, expectedSha256 }) =>
    compare(path, content, expectedSha256!),
  );
  return {
    findings,
    details: `${compared.length - findings.length}/${compared.length} files match`,
  };
}

function compare(path: string, content: Uint8Array, expected: string): Finding[] {
  const actual = hashSha256(content);
  if (actual === expected.toLowerCase()) return [];
  return [
    finding('mismatch', path, `expected SHA-256 ${expected}, got ${actual}`, { expected, actual }),
  ];
}

function finding(
  rule: string,
  path: string,
  message: string,
  data?: Record<string, unknown>,
): Finding {
  return { ruleId: `checksum/${rule}`, severity: 'error', message, path, ...(data && { data }) };
}
