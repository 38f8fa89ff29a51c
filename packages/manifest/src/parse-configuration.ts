import { Configuration } from './configuration.js';
import { explainIssues } from './explain-issues.js';
import { invalid } from './finding.js';
import type { Parsed } from './finding.js';
import { readYaml } from './read-yaml.js';
import type { YamlDocument } from './read-yaml.js';

const START = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

/**
 * Parses `holdfast.yaml`. All that is wrong comes back at once, each finding with its place in
 * `file`; an empty file is a configuration of defaults.
 */
export function parseConfiguration(
  text: string,
  { file }: { readonly file: string },
): Parsed<Configuration> {
  const { documents, findings } = readYaml(text, file);
  const [document, second] = documents;
  if (second) {
    const message = 'a configuration must be one YAML document, there are more from here on';
    return invalid([
      ...findings,
      {
        ruleId: 'multiple-documents',
        severity: 'error',
        message,
        path: file,
        range: second.place([]) ?? START,
      },
    ]);
  }
  if (!document) {
    return findings.length > 0
      ? invalid(findings)
      : { kind: 'parsed', value: Configuration.parse({}) };
  }
  const newer = newerVersion(document);
  if (newer !== undefined) {
    const message = `version must be 1, got ${newer}: this file was written for a newer Holdfast`;
    const range = document.place(['version']) ?? START;
    return invalid([
      { ruleId: 'configuration-newer-version', severity: 'error', message, path: file, range },
    ]);
  }
  const result = Configuration.safeParse(document.value);
  if (result.success && findings.length === 0) return { kind: 'parsed', value: result.data };
  const subject = {
    file,
    schema: Configuration,
    value: document.value,
    name: 'the configuration',
    place: document.place,
  };
  return invalid([...findings, ...explainIssues(result.error?.issues ?? [], subject)]);
}

function newerVersion({ value }: YamlDocument): number | undefined {
  const version: unknown =
    typeof value === 'object' && value !== null && 'version' in value && value.version;
  return typeof version === 'number' && Number.isInteger(version) && version > 1
    ? version
    : undefined;
}
