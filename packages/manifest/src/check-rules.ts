import { closestName } from './closest-name.js';
import type { Configuration } from './configuration.js';
import { sortFindings } from '@holdfast/findings';
import type { Finding, Range } from '@holdfast/findings';
import type { LocatedRule } from './parse-rules.js';
import { overridePath } from './rule-paths.js';

/**
 * Checks what no single rule shows: ids that two rules share (also when only case differs: they name
 * folders and refs), targets that the configuration does not know, a `target_path` within the folders
 * that Holdfast keeps in a target, and rules of one target whose overrides would share a folder.
 */
export function checkRules(rules: readonly LocatedRule[], configuration: Configuration): Finding[] {
  return sortFindings([
    ...findDuplicateIds(rules),
    ...rules.flatMap((located) => checkTarget(located, configuration)),
    ...rules.flatMap((located) => checkReserved(located, configuration)),
    ...findSharedOverrides(rules, configuration),
  ]);
}

function findDuplicateIds(rules: readonly LocatedRule[]): Finding[] {
  const seen = new Map<string, LocatedRule>();
  return rules.flatMap((located) => {
    const key = located.rule.id.toLowerCase();
    const first = seen.get(key);
    if (!first) seen.set(key, located);
    return first ? [explainDuplicate(located, first)] : [];
  });
}

function explainDuplicate(located: LocatedRule, first: LocatedRule): Finding {
  const { line, column } = placeOf(first, 'id').start;
  const message = `id must be unique, ${show(located.rule.id)} is already at ${first.file}:${line}:${column}`;
  return complain(located, 'id', 'duplicate-rule-id', message, {
    id: located.rule.id,
    first: first.file,
  });
}

function checkTarget(located: LocatedRule, { targets }: Configuration): Finding[] {
  const name = located.rule.target_repo;
  if (targets[name]) return [];
  const suggestion = closestName(name, Object.keys(targets));
  const next = suggestion ? `did you mean ${suggestion}?` : 'add it to targets';
  const message = `target_repo must be a target of the configuration, got ${show(name)}; ${next}`;
  return [
    complain(located, 'target_repo', 'unknown-target', message, {
      name,
      ...(suggestion && { suggestion }),
    }),
  ];
}

function checkReserved(located: LocatedRule, { namespace }: Configuration): Finding[] {
  const folder = located.rule.target_path.toLowerCase();
  const reserved = [`.${namespace}-sync-state/`, `.${namespace}-overrides/`].find((own) =>
    folder.startsWith(own.toLowerCase()),
  );
  if (!reserved) return [];
  return [
    complain(
      located,
      'target_path',
      'reserved-path',
      `target_path must not lie in ${reserved}, which Holdfast keeps for itself`,
      {},
    ),
  ];
}

function findSharedOverrides(
  rules: readonly LocatedRule[],
  { namespace }: Configuration,
): Finding[] {
  const seen = new Map<string, LocatedRule>();
  return rules.flatMap((located) => {
    const { rule } = located;
    const folder = overridePath(rule, namespace, rule.target_path);
    if (folder === undefined) return [];
    const key = `${rule.target_repo} ${folder}`;
    const first = seen.get(key);
    if (!first) seen.set(key, located);
    if (!first || first.rule.target_path === rule.target_path) return [];
    const message = `overrides of this rule and of ${first.rule.id} share ${folder}; give one of them an override_root`;
    return [
      {
        ...complain(located, 'target_path', 'shared-overrides', message, {
          folder,
          other: first.rule.id,
        }),
        severity: 'warning',
      },
    ];
  });
}

function complain(
  located: LocatedRule,
  key: string,
  ruleId: string,
  message: string,
  data: Record<string, unknown>,
): Finding {
  return {
    ruleId,
    severity: 'error',
    message,
    path: located.file,
    range: placeOf(located, key),
    data,
  };
}

function placeOf(located: LocatedRule, key: string): Range {
  return located.place(key) ?? located.range;
}

function show(text: string): string {
  return JSON.stringify(text);
}
