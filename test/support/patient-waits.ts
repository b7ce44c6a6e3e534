import { vi } from 'vitest';

/** As `expect.poll` has by the settings, which know nothing of `vi.waitFor`: by itself it waits 1 s. */
const PATIENCE_MS = 5000;

const { waitFor } = vi;
vi.waitFor = (callback, options = PATIENCE_MS) => waitFor(callback, options);
