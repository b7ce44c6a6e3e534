import { defineConfig } from 'vitest/config';
import { LongFilesFirst } from './test/support/long-files-first.ts';

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
          // Left to itself vitest keeps one processor free: of two, that is half the machine.
          maxWorkers: '100%',
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/conformance/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Each file has its own broker, and mostly waits for it.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          testTimeout: 120_000,
          // Most of its time is waiting for what a crash left to be mended; it runs after the rest.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'callers',
          include: ['test/callers/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Nothing in it is timed: mostly it waits for processes.
          maxWorkers: 2,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          name: 'console',
          include: ['test/console/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          name: 'security',
          include: ['test/security/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // It keeps the machine busy.
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
