import { closestName } from './closest-name.js';
import type { Configuration } from './configuration.js';
import { sortFindings } from '@holdfast/findings';
import type { Finding, Range } from '@holdfast/findings';
import type { LocatedRule } from './parse-rules.js';
import { overridePath } from './rule-paths.js';
import { isLiteral } from './target-choice.js';
import { chosenTargets, fillTargetPath, targetRules } from './target-rules.js';
import type { TargetRule } from './target-rules.js';
import { checkPath } from '@holdfast/text';

/**
 * Checks what no single rule shows: ids that two rules share (also when only case differs: they name
 * folders and refs), targets that the configuration does not know or that a rule matches none of, a
 * `target_path` that a target has no value for or that lies within the folders that Holdfast keeps, and
 * rules of one target whose overrides would share a folder.
 */
export function checkRules(rules: readonly LocatedRule[], configuration: Configuration): Finding[] {
  const placed = targetRules(rules, configuration);
  return sortFindings([
    ...findDuplicateIds(rules),
    ...rules.flatMap((located) => checkTargets(located, configuration)),
    ...rules.flatMap((located) => checkPlaceholders(located, configuration)),
    ...checkPaths(placed, configuration),
    ...findSharedOverrides(placed, configuration),
    ...checkGroups(rules, placed),
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
  return complain(located, ['id'], 'duplicate-rule-id', message, {
    id: located.rule.id,
    first: first.file,
  });
}

function checkTargets(located: LocatedRule, { targets }: Configuration): Finding[] {
  const { target_repo: only, targets: choice } = located.rule;
  if (choice === undefined) {
    return only === undefined || targets[only]
      ? []
      : [unknownTarget(located, only, targets, ['target_repo'])];
  }
  const { match = [], except = [] } = choice;
  const written = located.place('targets', 'match') ? ['match'] : [];
  const unknown = [
    ...match.map((name, index) => ({ name, path: ['targets', ...written, index] })),
    ...except.map((name, index) => ({ name, path: ['targets', 'except', index] })),
  ].filter(({ name }) => isLiteral(name) && !targets[name]);
  if (unknown.length > 0) {
    return unknown.map(({ name, path }) => unknownTarget(located, name, targets, path));
  }
  if (chosenTargets(located.rule, Object.keys(targets), targets).length > 0) return [];
  const message = `targets matches none of the ${Object.keys(targets).length} targets of the configuration`;
  return [{ ...complain(located, ['targets'], 'no-target', message, {}), severity: 'warning' }];
}

function unknownTarget(
  located: LocatedRule,
  name: string,
  targets: Configuration['targets'],
  path: readonly (string | number)[],
): Finding {
  const suggestion = closestName(name, Object.keys(targets));
  const next = suggestion ? `did you mean ${suggestion}?` : 'add it to targets';
  const what =
    path[0] === 'target_repo'
      ? 'target_repo must be a target of the configuration'
      : 'targets must name targets of the configuration';
  return complain(located, path, 'unknown-target', `${what}, got ${show(name)}; ${next}`, {
    name,
    ...(suggestion && { suggestion }),
  });
}

/** One finding a rule: the first of its targets that lacks a value, and how many do. */
function checkPlaceholders(located: LocatedRule, { targets }: Configuration): Finding[] {
  const { target_path: path } = located.rule;
  if (!path.includes('{')) return [];
  const lacking = chosenTargets(located.rule, Object.keys(targets), targets).flatMap((target) => {
    const filled = fillTargetPath(path, target, targets[target]);
    return filled.kind === 'unknown' ? [{ target, name: filled.name }] : [];
  });
  const [first] = lacking;
  if (!first) return [];
  const others = lacking.length > 1 ? `, nor have ${lacking.length - 1} more` : '';
  const message = `target_path names {${first.name}}, and ${first.target} has no text or number of that name in its variables${others}; known to all are {target}, {org} and {repo}`;
  return [complain(located, ['target_path'], 'unknown-variable', message, first)];
}

/** What is wrong with the folder that a rule delivers to in a target; one finding a rule. */
function checkPaths(rules: readonly TargetRule[], { namespace }: Configuration): Finding[] {
  const reserved = [`.${namespace}-sync-state/`, `.${namespace}-overrides/`];
  const told = new Set<string>();
  return rules.flatMap((located) => {
    const { id, target_path: path, target_repo: target } = located.rule;
    if (told.has(id)) return [];
    const own = reserved.find((folder) => path.toLowerCase().startsWith(folder.toLowerCase()));
    const bare = path.replace(/\/$/, '');
    const problem = bare === '' ? undefined : checkPath(bare)?.message;
    if (!own && problem === undefined) return [];
    told.add(id);
    return own
      ? [
          complain(
            located,
            ['target_path'],
            'reserved-path',
            `target_path must not lie in ${own}, which Holdfast keeps for itself`,
            {},
          ),
        ]
      : [
          complain(
            located,
            ['target_path'],
            'unsafe-path',
            `target_path is ${show(path)} for ${target}, and ${problem}`,
            { target },
          ),
        ];
  });
}

/** A group is one branch: its name is no rule's, and its rules deliver to one branch of a target. */
function checkGroups(rules: readonly LocatedRule[], placed: readonly TargetRule[]): Finding[] {
  const alone = new Map(
    rules.flatMap((one) => (one.rule.group === undefined ? [[one.rule.id, one] as const] : [])),
  );
  const taken = rules.flatMap((located) => {
    const { group } = located.rule;
    const other = group === undefined ? undefined : alone.get(group);
    if (!other) return [];
    const message = `group must not be the id of another rule: ${show(other.rule.id)} of ${other.file} would share its branch`;
    return [complain(located, ['group'], 'group-is-rule', message, { group })];
  });
  const bases = new Map<string, TargetRule>();
  const told = new Set<string>();
  const split = placed.flatMap((located) => {
    const { id, group, target_repo: target, target_branch: branch = '' } = located.rule;
    if (group === undefined) return [];
    const key = `${group} ${target}`;
    const first = bases.get(key);
    if (!first) bases.set(key, located);
    if (!first || (first.rule.target_branch ?? '') === branch || told.has(id)) return [];
    told.add(id);
    const message = `rules of the group ${group} must deliver to one branch of ${target}, ${first.rule.id} delivers to ${first.rule.target_branch ?? 'its default'}`;
    return [complain(located, ['target_branch'], 'split-group', message, { group, target })];
  });
  return [...taken, ...split];
}

function findSharedOverrides(
  rules: readonly TargetRule[],
  { namespace }: Configuration,
): Finding[] {
  const seen = new Map<string, TargetRule>();
  const told = new Set<string>();
  return rules.flatMap((located) => {
    const { rule } = located;
    const folder = overridePath(rule, namespace, rule.target_path);
    if (folder === undefined) return [];
    const key = `${rule.target_repo} ${folder}`;
    const first = seen.get(key);
    if (!first) seen.set(key, located);
    if (!first || first.rule.target_path === rule.target_path || told.has(rule.id)) return [];
    told.add(rule.id);
    const message = `overrides of this rule and of ${first.rule.id} share ${folder}; give one of them an override_root`;
    return [
      {
        ...complain(located, ['target_path'], 'shared-overrides', message, {
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
  path: readonly (string | number)[],
  ruleId: string,
  message: string,
  data: Record<string, unknown>,
): Finding {
  return {
    ruleId,
    severity: 'error',
    message,
    path: located.file,
    range: placeOf(located, ...path),
    data,
  };
}

function placeOf(located: LocatedRule, ...path: readonly (string | number)[]): Range {
  return located.place(...path) ?? located.range;
}

function show(text: string): string {
  return JSON.stringify(text);
}
