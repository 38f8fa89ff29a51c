import { expect, test } from 'vitest';
import { runReadme } from '../../../readme.shared.js';

test('the snippet of the README prints what it says', async () => {
  const { printed, promised } = await runReadme(new URL('../', import.meta.url));
  expect(printed).toBe(promised);
});
