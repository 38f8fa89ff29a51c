import type { Finding, RuleHelp } from '@holdfast/findings';
import { nameOfTool } from '../catalog/tool.js';
import type { CatalogComparison, ToolChange } from '../catalog/compare-catalogs.js';
import type { ChangeSeverity } from '../schema/rules.js';

const severities: Readonly<Record<ChangeSeverity, Finding['severity']>> = {
  breaking: 'error',
  unknown: 'warning',
  warning: 'warning',
  info: 'info',
};

/**
 * The differences of a comparison as findings, for SARIF and other reports. `data` has the server, the tool, the place in
 * the schema, and the witness where there is one.
 *
 * @param path the file that the findings are about: that of the newer catalog
 */
export function comparisonFindings({ tools }: CatalogComparison, path: string): Finding[] {
  return tools.flatMap((tool) => {
    const name = nameOfTool(tool);
    const data = { ...(tool.server !== undefined && { server: tool.server }), tool: tool.name };
    const schema = (['input', 'output'] as const).flatMap((direction) =>
      (tool[direction]?.changes ?? []).map((change): Finding => ({
        ruleId: change.rule,
        severity: severities[change.severity],
        path,
        message: `${name}, ${direction}${change.path}: ${change.message}`,
        data: {
          ...data,
          direction,
          pointer: change.path,
          ...(change.witness !== undefined && { witness: change.witness }),
        },
      })),
    );
    const others = [...(tool.annotations ?? []), ...(tool.text ?? [])].map(
      ({ rule, severity, message }): Finding => ({
        ruleId: rule,
        severity: severities[severity],
        path,
        message: `${name}: ${message}`,
        data,
      }),
    );
    return [...ownFinding(tool, path, data), ...schema, ...others];
  });
}

function ownFinding(tool: ToolChange, path: string, data: Record<string, unknown>): Finding[] {
  if (tool.change === 'same' || tool.change === 'changed') return [];
  const messages = {
    added: 'was added',
    removed: 'was removed',
    renamed: `seems to be ${tool.from}, renamed`,
  };
  return [
    {
      ruleId: `tool.${tool.change}`,
      severity: tool.change === 'added' ? 'info' : 'error',
      path,
      message: `${nameOfTool(tool)} ${messages[tool.change]}`,
      data: { ...data, ...(tool.from !== undefined && { from: tool.from }) },
    },
  ];
}

/** What the rules that findings bear most are about. */
export const comparisonRules: ReadonlyMap<string, RuleHelp> = new Map(
  Object.entries({
    'tool.removed': 'A tool is gone: calls of it fail.',
    'tool.renamed': 'A tool seems to have another name: calls by the old one fail.',
    'tool.added': 'A tool is new.',
    'type.narrowed': 'Values of a type are no longer accepted.',
    'type.widened': 'Values of one more type are accepted.',
    'prop.added.required': 'A new property has to be given.',
    'prop.added.optional': 'A new property may be given.',
    'prop.removed': 'A property is no longer described.',
    'required.added': 'A property has to be given now.',
    'required.removed': 'A property need not be given any more.',
    'additionalProperties.closed': 'Properties that are not listed are refused now.',
    'additionalProperties.opened': 'Properties that are not listed are accepted now.',
    'enum.value.removed': 'A listed value is no longer accepted.',
    'schema.undecided': 'Whether the change breaks could not be decided.',
    'description.changed': 'The description changed: a model may call the tool in another way.',
    'annotations.readOnlyHint.changed': 'Whether the tool only reads has changed.',
    'annotations.destructiveHint.changed': 'Whether the tool may destroy has changed.',
  }).map(([rule, summary]) => [rule, { summary }]),
);
