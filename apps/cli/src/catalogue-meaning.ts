import { sentenceOf } from '@holdfast/catalog-diff/models';
import type { ModelComparison } from '@holdfast/catalog-diff/models';

/** What changed in meaning, as `--json` prints it. */
export function documentMeaning({ verdict, changes }: ModelComparison) {
  return {
    verdict,
    changes: changes.map((change) => ({ ...change, sentence: sentenceOf(change) })),
  };
}
