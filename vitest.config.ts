import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongFilesFirst } from './test/support/long-files-first.ts';

/**
 * Most of the long files have a broker of their own and mostly wait for it, for a cool-down or for what
 * a crash left to be mended: three of them keep two processors busy. Of many processors each would be
 * another broker of nine processes.
 */
const WORKERS = Math.min(8, Math.max(3, availableParallelism()));

// `unit` needs no more than Redis; `e2e` starts the real services as processes; `faults` kills them;
// `callers` use them as SDKs, scripts and clients do; `security` sends them what nobody should;
// `console` drives the page in a browser.
export default defineConfig({
  test: {
    globalSetup: ['test/support/global-redis.ts'],
    // A busy machine is late; what never comes fails as well after these.
    testTimeout: 20_000,
    expect: { poll: { timeout: 5000 } },
    setupFiles: ['test/support/patient-waits.ts'],
    reporters: ['default'],
    sequence: { sequencer: LongFilesFirst },
    // Files that one process runs after each other share what they import: importing it anew for each
    // took two fifths of the time of the units. So a file leaves no state in a module, or mocks one.
    isolate: false,
    maxWorkers: WORKERS,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/**/*.test.ts',
            'services/**/*.test.ts',
            'test/*.test.ts',
            'test/deploy/*.test.ts',
            'test/support/*.test.ts',
            'bench/*.test.ts',
            'names/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/conformance/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'callers',
          include: ['test/callers/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'console',
          include: ['test/console/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'security',
          include: ['test/security/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
