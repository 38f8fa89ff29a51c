import { expect, test } from 'vitest';
import * as transforms from './index.js';

test('the public names', () => {
  expect(Object.keys(transforms).sort()).toEqual([
    'TransformError',
    'createLinkMap',
    'createPipeline',
    'fileKind',
    'findLinks',
    'mapToSource',
    'permalink',
  ]);
});
