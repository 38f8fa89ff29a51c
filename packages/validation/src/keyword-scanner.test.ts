import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createKeywordScanner } from './keyword-scanner.js';

function find(keywords: string[], text: string): string[] {
  const hits: string[] = [];
  createKeywordScanner(keywords)(text, (keyword, start) => hits.push(`${keyword}@${start}`));
  return hits.sort();
}

/** The same by the simplest means. */
function findByIndexOf(keywords: string[], text: string): string[] {
  const lower = text.toLowerCase();
  return keywords
    .flatMap((keyword, index) => {
      const hits: string[] = [];
      const wanted = keyword.toLowerCase();
      for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1))
        hits.push(`${index}@${at}`);
      return hits;
    })
    .sort();
}

it('finds keywords that overlap and that end in one another, in any case', () => {
  expect(find(['he', 'she', 'his', 'HERS'], 'uSHErs')).toEqual(['0@2', '1@1', '3@2']);
});

it('finds what indexOf finds', () => {
  const word = fc.stringMatching(/^[abAB_-]{1,4}$/);
  const text = fc.stringMatching(/^[abcAB_\u00e9-]{0,60}$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 1, maxLength: 8, selector: (one) => one.toLowerCase() }),
      text,
      (keywords, content) => {
        expect(find(keywords, content)).toEqual(findByIndexOf(keywords, content));
      },
    ),
  );
});
