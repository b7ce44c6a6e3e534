import { defineConfig } from 'vitest/config';

// `unit` needs no more than Redis; `e2e` starts the real services as processes.
export default defineConfig({
  test: {
    globalSetup: ['test/support/global-redis.ts'],
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/**/*.test.ts',
            'services/**/*.test.ts',
            'test/*.test.ts',
            'test/support/*.test.ts',
            'bench/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
