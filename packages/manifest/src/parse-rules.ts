import { explainIssues } from './explain-issues.js';
import { invalid } from './finding.js';
import type { Finding, Parsed, Range } from './finding.js';
import { readYaml } from './read-yaml.js';
import type { YamlDocument } from './read-yaml.js';
import { RuleDocument } from './sync-rule.js';
import type { SyncRule } from './sync-rule.js';

/** A rule, and where it was written. */
export interface LocatedRule {
  readonly rule: SyncRule;
  readonly file: string;
  /** From the key `sync_rule` to the end of the rule. */
  readonly range: Range;
  /** Where the value at a path of keys is, as in `place('filters', 'include', 0)`; undefined where it was not written. */
  place(...path: readonly (string | number)[]): Range | undefined;
}

const START: Range = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

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
    const result = RuleDocument.safeParse(document.value);
    if (result.success) rules.push(locate(result.data.sync_rule, document, file));
    else all.push(...explainDocument(result.error.issues, document, file));
  }
  if (documents.length === 0 && all.length === 0) {
    all.push({
      ruleId: 'missing-key',
      severity: 'error',
      message: 'sync_rule is required: the file holds no rule',
      path: file,
      range: START,
    });
  }
  return all.length > 0 ? invalid(all) : { kind: 'parsed', value: rules };
}

function locate(rule: SyncRule, document: YamlDocument, file: string): LocatedRule {
  const key = document.place(['sync_rule'], 'key') ?? START;
  const value = document.place(['sync_rule']) ?? key;
  return {
    rule,
    file,
    range: { start: key.start, end: value.end },
    place: (...path) => document.place(['sync_rule', ...path]),
  };
}

/** Findings of one document; what is below `sync_rule` is called by its path from there. */
function explainDocument(
  issues: Parameters<typeof explainIssues>[0],
  document: YamlDocument,
  file: string,
): Finding[] {
  return issues.flatMap((issue) => {
    const [first, ...rest] = issue.path;
    if (first !== 'sync_rule') {
      return explainIssues([issue], {
        file,
        schema: RuleDocument,
        value: document.value,
        name: 'the document',
        place: document.place,
      });
    }
    return explainIssues([{ ...issue, path: rest }], {
      file,
      schema: RuleDocument.shape.sync_rule,
      value: (document.value as { sync_rule: unknown }).sync_rule,
      name: 'sync_rule',
      place: (path, part) => document.place(['sync_rule', ...path], part),
    });
  });
}
