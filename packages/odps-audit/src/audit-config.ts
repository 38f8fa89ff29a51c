import type { RuleSettings } from './audit.js';
import { isMapping, textOf } from './mapping.js';
import type { SourceFile } from './read/source-file.js';
import { isRuleId, rules } from './rules.js';

/** What a project says of its own audit, in `.odps-audit.yaml`. */
export interface AuditConfig {
  readonly rules: RuleSettings;
  /** The baseline file, relative to the project's folder. */
  readonly baseline?: string;
  /** The URL that a new product names as its builder. */
  readonly builder?: string;
}

/** The name of the file, in the folder of the project. */
export const auditConfigFile = '.odps-audit.yaml';

/** Something wrong in the file, as a line of a message. */
export type AuditConfigRead =
  | { readonly kind: 'read'; readonly config: AuditConfig }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

const SETTINGS = ['error', 'warning', 'info', 'off'] as const;
type Setting = (typeof SETTINGS)[number];

/** Reads the configuration of the audit: `rules` by id, `baseline`, `builder`. An empty file says nothing. */
export function readAuditConfig(file: SourceFile): AuditConfigRead {
  const problems: string[] = [];
  const complain = (keys: readonly string[], message: string) => {
    const { line, column } = file.range(keys, 'key').start;
    problems.push(`${file.path}:${line}:${column}: ${message}`);
  };
  for (const { message, range } of file.problems) {
    problems.push(
      `${file.path}${range ? `:${range.start.line}:${range.start.column}` : ''}: ${message}`,
    );
  }
  const value = file.documents[0] ?? {};
  if (!isMapping(value)) {
    complain([], 'the configuration must be a mapping');
    return { kind: 'invalid', problems };
  }
  const settings: Partial<Record<keyof typeof rules, Setting>> = {};
  const texts: { baseline?: string; builder?: string } = {};
  for (const [key, held] of Object.entries(value)) {
    if (key === 'rules' && isMapping(held)) {
      for (const [id, setting] of Object.entries(held)) {
        if (!isRuleId(id)) complain([key, id], `there is no rule ${JSON.stringify(id)}`);
        else if (!isSetting(setting))
          complain(
            [key, id],
            `${id} must be one of ${SETTINGS.join(', ')}, got ${JSON.stringify(setting)}`,
          );
        else settings[id] = setting;
      }
    } else if ((key === 'baseline' || key === 'builder') && textOf(held) !== undefined) {
      texts[key] = textOf(held)!;
    } else {
      complain(
        [key],
        `${key} must be ${key === 'rules' ? 'a mapping of rules to severities' : key === 'baseline' || key === 'builder' ? 'a text' : 'one of rules, baseline, builder'}`,
      );
    }
  }
  return problems.length > 0
    ? { kind: 'invalid', problems }
    : { kind: 'read', config: { rules: settings, ...texts } };
}

/** `off` is false to readers of YAML 1.1, and so to people who quote it not. */
function isSetting(value: unknown): value is Setting {
  return SETTINGS.includes(value as Setting);
}
