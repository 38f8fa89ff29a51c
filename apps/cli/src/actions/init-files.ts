import type { InitAnswers } from './init-answers.js';

/** The text of a first `holdfast.yaml`. */
export function configurationText({
  namespace,
  branch,
  releaseTags,
  target,
  location,
}: InitAnswers): string {
  return `# What is delivered to whom; paths are relative to this file.
version: 1
namespace: ${quote(namespace)} # .${oneLine(namespace)}-overrides/, ${oneLine(namespace)}-sync/… branches, labels
source:
  repo: .
  release_tags: ${JSON.stringify(releaseTags)}
  branch: ${quote(branch)}
rules: ["rules/*.yaml"]
targets:
  ${quote(target)}: { url: ${quote(location)} }
`;
}

/** The text of a first rule. */
export function ruleText(id: string, { source, target, targetPath }: InitAnswers): string {
  return `sync_rule:
  id: ${quote(id)}
  source: ${quote(source)}
  target_repo: ${quote(target)}
  target_path: ${quote(targetPath)}
  strategy: copy # or template, reference
  frequency: on_release # or on_change, manual
`;
}

/** A text as YAML: plain where nothing can mistake it, else as a JSON string, which YAML understands. */
function quote(text: string): string {
  const plain = /^[A-Za-z][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
