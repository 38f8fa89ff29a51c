import { expect, test } from 'vitest';
import * as library from './index.js';

test('exports', () => {
  expect(Object.keys(library).sort()).toMatchInlineSnapshot(`
    [
      "NoAnswerError",
      "ServerError",
      "captureConnection",
      "captureServer",
      "connectServer",
      "createValueRedactor",
      "explainFailure",
      "listTools",
      "parseServers",
    ]
  `);
});
