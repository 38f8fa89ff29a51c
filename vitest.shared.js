import { defineConfig } from 'vitest/config';

// A task runner asks for colours; what the tests start must print none.
delete process.env.FORCE_COLOR;

/** The test settings that every project of the workspace shares; `vitest.config.ts` of each re-exports them. */
export default defineConfig({
  resolve: { conditions: ['@holdfast/source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['@holdfast/source', 'node', 'import', 'default'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'attack/**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    reporters: ['default', 'json'],
    outputFile: { json: './reports/vitest.json' },
    env: {
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      TZ: 'UTC',
      NO_COLOR: '1',
    },
  },
});
