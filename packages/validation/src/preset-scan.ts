import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { Span } from './data-document.js';

/** What secretlint found; `rule` is the end of its rule id, `kind` its message id. */
export interface PresetHit extends Span {
  rule: string;
  kind: string;
}

const ruleIdPrefix = '@secretlint/secretlint-rule-';

/**
 * Runs secretlint's recommended preset over a text. Its own comments that switch it off are not heeded: what may pass
 * is for the caller to say.
 */
export async function scanWithPreset(content: string): Promise<PresetHit[]> {
  const { messages } = await lintSource({
    source: { filePath: 'document.txt', content, ext: '.txt', contentType: 'text' },
    options: {
      noPhysicFilePath: true,
      config: {
        rules: [
          {
            id: creator.meta.id,
            rule: creator,
            rules: [{ id: `${ruleIdPrefix}filter-comments`, disabled: true }],
          },
        ],
      },
    },
  });
  return messages.map(({ ruleId, messageId, range: [start, end] }) => ({
    rule: ruleId.replace(ruleIdPrefix, ''),
    kind: messageId,
    start,
    end,
  }));
}
