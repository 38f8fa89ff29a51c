import { explainIssues } from './explain-issues.js';
import { errorAt, FILE_START, invalid } from './parsed.js';
import type { Finding, Range } from '@holdfast/findings';
import type { Parsed } from './parsed.js';
import { readYaml } from './read-yaml.js';
import type { YamlDocument } from './read-yaml.js';
import { RuleDocument, SyncRule } from './sync-rule.js';

/** A rule, and where it was written. */
export interface LocatedRule {
  readonly rule: SyncRule;
  readonly file: string;
  /** From the key `sync_rule` to the end of the rule. */
  readonly range: Range;
  /**
   * Where the value at a path of keys is, as in `place('filters', 'include', 0)`; undefined where it
   * was not written. The index 0 may be given also where one entry was written for a list.
   */
  place(...path: readonly (string | number)[]): Range | undefined;
}

/**
 * Parses a rule file: one or several YAML documents, each with a `sync_rule`. All that is wrong in
 * any of them comes back at once, each finding with its place in `file`. Empty documents are left
 * out; a file without any rule is invalid.
 */
export function parseRules(
  text: string,
  { file }: { readonly file: string },
): Parsed<LocatedRule[]> {
  const { documents, findings } = readYaml(text, file);
  const all: Finding[] = [...findings];
  const rules: LocatedRule[] = [];
  for (const document of documents) {
    const parsed = parseDocument(document, file);
    if (parsed.kind === 'parsed') rules.push(parsed.value);
    else for (const finding of parsed.findings) all.push(finding);
  }
  if (documents.length === 0 && all.length === 0) {
    all.push(
      errorAt(file, FILE_START, 'missing-key', 'sync_rule is required: the file holds no rule'),
    );
  }
  return all.length > 0 ? invalid(all) : { kind: 'parsed', value: rules };
}

function parseDocument(document: YamlDocument, file: string): Parsed<LocatedRule> {
  const { value, place } = document;
  const bare = explainBareRule(document, file);
  if (bare) return { kind: 'invalid', findings: [bare] };
  const result = RuleDocument.safeParse(value);
  if (result.success)
    return { kind: 'parsed', value: locate(result.data.sync_rule, document, file) };
  const subject = {
    file,
    schema: RuleDocument,
    value,
    name: 'the document',
    inside: 'sync_rule',
    place,
  };
  return { kind: 'invalid', findings: explainIssues(result.error.issues, subject) };
}

/** A rule whose keys stand where `sync_rule` should: one finding instead of one for each key. */
function explainBareRule({ value, place }: YamlDocument, file: string): Finding | undefined {
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMapping || 'sync_rule' in value) return undefined;
  const [key] = Object.keys(value).filter((name) => Object.hasOwn(SyncRule.shape, name));
  if (key === undefined) return undefined;
  const message = `sync_rule is required: put ${key} and its neighbours beneath it`;
  return errorAt(file, place([key], 'key'), 'missing-key', message);
}

function locate(rule: SyncRule, { place }: YamlDocument, file: string): LocatedRule {
  const key = place(['sync_rule'], 'key') ?? FILE_START;
  const value = place(['sync_rule']) ?? key;
  return {
    rule,
    file,
    range: { start: key.start, end: value.end },
    place: (...path) => place(['sync_rule', ...path]),
  };
}
