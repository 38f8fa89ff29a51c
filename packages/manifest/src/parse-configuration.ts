import { Configuration } from './configuration.js';
import { explainIssues } from './explain-issues.js';
import { errorAt, FILE_START, invalid } from './parsed.js';
import type { Finding } from '@holdfast/findings';
import type { Parsed } from './parsed.js';
import { readYaml } from './read-yaml.js';
import type { YamlDocument } from './read-yaml.js';

/**
 * Parses `holdfast.yaml`. All that is wrong comes back at once, each finding with its place in
 * `file`; an empty file is a configuration of defaults. A file of a later version of the format is
 * one finding of the rule `configuration-newer-version`.
 */
export function parseConfiguration(
  text: string,
  { file }: { readonly file: string },
): Parsed<Configuration> {
  const { documents, findings } = readYaml(text, file);
  const [document, second] = documents;
  if (second) {
    const message = 'a configuration must be one YAML document, another one begins here';
    return invalid([...findings, errorAt(file, second.place([]), 'multiple-documents', message)]);
  }
  if (!document && findings.length === 0) return parseDocument(EMPTY, file);
  const parsed = document && parseDocument(document, file);
  if (parsed?.kind === 'parsed' && findings.length === 0) return parsed;
  return invalid([...findings, ...(parsed?.kind === 'invalid' ? parsed.findings : [])]);
}

const EMPTY: YamlDocument = { value: {}, place: () => FILE_START };

function parseDocument(document: YamlDocument, file: string): Parsed<Configuration> {
  const newer = explainNewerVersion(document, file);
  if (newer) return { kind: 'invalid', findings: [newer] };
  const { value, place } = document;
  const result = Configuration.safeParse(value);
  if (result.success) return { kind: 'parsed', value: result.data };
  const subject = { file, schema: Configuration, value, name: 'the configuration', place };
  return { kind: 'invalid', findings: explainIssues(result.error.issues, subject) };
}

function explainNewerVersion({ value, place }: YamlDocument, file: string): Finding | undefined {
  const version: unknown =
    typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version !== 'number' || !Number.isInteger(version) || version <= 1) return undefined;
  const message = `version must be 1, got ${version}: this file was written for a newer Holdfast`;
  return errorAt(file, place(['version']), 'configuration-newer-version', message);
}
