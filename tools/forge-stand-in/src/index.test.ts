import { expect, test } from 'vitest';
import * as standIn from './index.js';

test('what the stand-in exports', () => {
  expect(Object.keys(standIn).sort()).toMatchInlineSnapshot(`
    [
      "createStandIn",
    ]
  `);
});
