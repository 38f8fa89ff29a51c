import { configurationJsonSchema, ruleJsonSchema } from '@holdfast/manifest';
import type { InitAnswers } from './init-answers.js';

/** A file that `init` writes, by its path from the root of the repository. */
export interface InitFile {
  readonly path: string;
  readonly text: string;
}

/** Where editors find what may stand in the files: no address on the web is needed for it. */
const SCHEMAS = {
  configuration: '.holdfast/config.schema.json',
  rule: '.holdfast/rule.schema.json',
};

/** The text of a first `holdfast.yaml`. */
export function configurationText({
  namespace,
  branch,
  releaseTags,
  targets,
}: InitAnswers): string {
  const lines = targets.map(
    ({ name, location }) => `  ${quote(name)}: { url: ${quote(location)} }`,
  );
  return `# yaml-language-server: $schema=${SCHEMAS.configuration}
# What is delivered to whom; paths are relative to this file.
version: 1
namespace: ${quote(namespace)} # .${oneLine(namespace)}-overrides/, ${oneLine(namespace)}-sync/… branches, labels
source:
  repo: .
  release_tags: ${JSON.stringify(releaseTags)}
  branch: ${quote(branch)}
rules: ["rules/*.yaml"]
targets:
${lines.join('\n')}
`;
}

/** The text of a first rule. */
export function ruleText(id: string, answers: InitAnswers): string {
  const { source, targets, targetPath, frequency, links, undeliveredLinks } = answers;
  const [only, ...others] = targets;
  const receivers =
    others.length === 0
      ? `target_repo: ${quote(only.name)}`
      : `targets: [${targets.map(({ name }) => quote(name)).join(', ')}]`;
  const rest = frequency === 'on_release' ? 'on_change, manual' : 'on_release, manual';
  return `# yaml-language-server: $schema=../${SCHEMAS.rule}
sync_rule:
  id: ${quote(id)}
  source: ${quote(source)}
  ${receivers}
  target_path: ${quote(targetPath)}
  strategy: copy # or template, reference
  frequency: ${frequency} # or ${rest}
${links === undefined ? '' : `  links: ${quote(links)} # as the documents write them\n`}  transforms:
    - undelivered_links: ${undeliveredLinks} # links to what is not delivered; or ${undeliveredLinks === 'strip' ? 'permalink' : 'strip'}, keep
`;
}

/** The JSON Schemas that both name. */
export function schemaFiles(): InitFile[] {
  const write = (schema: object) => `${JSON.stringify(schema, null, 2)}\n`;
  return [
    { path: SCHEMAS.configuration, text: write(configurationJsonSchema()) },
    { path: SCHEMAS.rule, text: write(ruleJsonSchema()) },
  ];
}

/** A text as YAML: plain where nothing can mistake it, else as a JSON string, which YAML understands. */
function quote(text: string): string {
  const plain =
    /^[A-Za-z][\w./-]*$/.test(text) && !/^(true|false|null|y|n|yes|no|on|off)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ');
}
