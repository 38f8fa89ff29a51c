import { expect, test } from 'vitest';
import * as library from './index.js';

test('exports', () => {
  expect(Object.keys(library).sort()).toMatchInlineSnapshot(`
    [
      "createProxyMetrics",
      "openCatalogProxy",
      "serveProxyHttp",
      "serveProxyStdio",
    ]
  `);
});
