import { expect, test } from 'vitest';
import * as library from './index.js';

test('exports', () => {
  expect(Object.keys(library).sort()).toMatchInlineSnapshot(`
    [
      "codeSpan",
      "compareBaseline",
      "compareFindings",
      "countFindings",
      "createBaseline",
      "escapeMarkdown",
      "fingerprintOf",
      "foldMarkdown",
      "formatFiles",
      "formatJson",
      "formatJunit",
      "formatLines",
      "formatMarkdown",
      "formatSarif",
      "formatText",
      "groupFindings",
      "readBaseline",
      "sortFindings",
      "summarise",
      "visible",
      "writeBaseline",
    ]
  `);
});
