import { defineConfig, mergeConfig } from 'vitest/config';
import shared from '../../vitest.shared.js';

// GitHub's parser imports JSON as bundlers do.
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      deps: { optimizer: { ssr: { enabled: true, include: ['@actions/workflow-parser'] } } },
    },
  }),
);
