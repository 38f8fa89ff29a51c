import { expect, test } from 'vitest';
import * as library from './index.js';

test('exports', () => {
  expect(Object.keys(library).sort()).toMatchInlineSnapshot(`
    [
      "canonicalJson",
      "compareCatalogs",
      "compareHistory",
      "compareSchemas",
      "compareTools",
      "comparisonFindings",
      "comparisonRules",
      "driftEntryOf",
      "effectiveAnnotations",
      "explainGap",
      "formatComparison",
      "formatComparisonMarkdown",
      "formatSchemaComparison",
      "nameOfTool",
      "readCatalog",
      "severityOfTool",
    ]
  `);
});
