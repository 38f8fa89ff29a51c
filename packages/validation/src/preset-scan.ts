import { lintSource } from '@secretlint/core';
import { secretLintProfiler } from '@secretlint/profiler';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { Span } from '@holdfast/text';

/** What secretlint found; `rule` is the end of its rule id, `kind` its message id. */
export interface PresetHit extends Span {
  rule: string;
  kind: string;
}

const ruleIdPrefix = '@secretlint/secretlint-rule-';

/** Rules that are left out: ours know those kinds better, and what may pass is not for the document to say. */
const leftOut = new Set(['aws', 'basicauth', 'database-connection-string', 'filter-comments']);

const config = {
  rules: rules
    .filter(({ meta }) => !leftOut.has(shortId(meta.id)))
    .map((rule) => ({ id: rule.meta.id, rule })),
};

/** Otherwise every rule leaves marks in the process's performance buffer, which nobody clears. */
secretLintProfiler.setEnabled(false);

function shortId(ruleId: string): string {
  return ruleId.replace(ruleIdPrefix, '');
}

/** Runs the rules of secretlint's recommended preset over a text. */
export async function scanWithPreset(content: string): Promise<PresetHit[]> {
  const { messages } = await lintSource({
    source: { filePath: 'document.txt', content, ext: '.txt', contentType: 'text' },
    options: { noPhysicFilePath: true, config },
  });
  return messages.map(({ ruleId, messageId, range: [start, end] }) => {
    return { rule: shortId(ruleId), kind: messageId, start, end };
  });
}
