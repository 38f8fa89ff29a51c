import type { Finding } from './finding.js';
import { fingerprintOf } from './fingerprint.js';

/** What a rule is about, for those who read its findings. */
export interface RuleHelp {
  /** One sentence. */
  readonly summary: string;
  /** What to do about a finding, in Markdown. */
  readonly help?: string;
  /** The page about the rule. */
  readonly helpUri?: string;
}

export interface SarifOptions<F extends Finding = Finding> {
  readonly tool: {
    readonly name: string;
    readonly version?: string;
    readonly informationUri?: string;
  };
  /** Help by rule id; rules without any are listed by id alone. Default: none. */
  readonly rules?: ReadonlyMap<string, RuleHelp>;
  /** When the run ended, as ISO 8601 in UTC. Default: left out. */
  readonly endTime?: string;
  /** What kept the run from being whole, such as a check that crashed. Default: nothing. */
  readonly failures?: readonly string[];
  /** What else is told of a finding. Default: its `data`. */
  readonly propertiesOf?: (finding: F) => Readonly<Record<string, unknown>> | undefined;
}

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/**
 * The findings as SARIF 2.1.0 (OASIS), one run, with rule help and a stable fingerprint for each result. Paths are relative
 * to the root of the tree; columns count UTF-16 units.
 */
export function formatSarif<F extends Finding>(
  findings: readonly F[],
  {
    tool,
    rules = new Map(),
    endTime,
    failures = [],
    propertiesOf = ({ data }) => data,
  }: SarifOptions<F>,
): string {
  const ids = [...new Set(findings.map(({ ruleId }) => ruleId))].sort();
  const indexes = new Map(ids.map((id, index) => [id, index]));
  const seen = new Map<string, number>();
  const results = findings.map((finding) => {
    const fingerprint = fingerprintOf(finding);
    const before = seen.get(fingerprint) ?? 0;
    seen.set(fingerprint, before + 1);
    const ruleIndex = indexes.get(finding.ruleId)!;
    const properties = propertiesOf(finding);
    return resultOf(finding, ruleIndex, `${fingerprint}:${before + 1}`, properties);
  });
  const invocation = {
    executionSuccessful: failures.length === 0,
    ...(endTime !== undefined && { endTimeUtc: endTime }),
    ...(failures.length > 0 && {
      toolExecutionNotifications: failures.map((text) => ({ level: 'error', message: { text } })),
    }),
  };
  const driver = { ...tool, rules: ids.map((id) => describeRule(id, rules.get(id))) };
  const run = {
    tool: { driver },
    columnKind: 'utf16CodeUnits',
    invocations: [invocation],
    results,
  };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [run],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function describeRule(id: string, rule: RuleHelp | undefined): object {
  if (!rule) return { id };
  const { summary, help, helpUri } = rule;
  return {
    id,
    shortDescription: { text: summary },
    ...(help !== undefined && { help: { text: help, markdown: help } }),
    ...(helpUri !== undefined && { helpUri }),
  };
}

function resultOf(
  { ruleId, severity, message, path, range }: Finding,
  ruleIndex: number,
  fingerprint: string,
  properties: Readonly<Record<string, unknown>> | undefined,
): object {
  const region = range && {
    startLine: range.start.line,
    startColumn: range.start.column,
    endLine: range.end.line,
    endColumn: range.end.column,
  };
  const artifactLocation = {
    uri: path.toWellFormed().split('/').map(encodeURIComponent).join('/'),
  };
  return {
    ruleId,
    ruleIndex,
    level: levels[severity],
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation, ...(region && { region }) } }],
    partialFingerprints: { 'finding/v1': fingerprint },
    ...(properties && { properties }),
  };
}
