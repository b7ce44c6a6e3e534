import { vi } from 'vitest';

/** As `expect.poll` has by the settings, which know nothing of `vi.waitFor`: by itself it waits 1 s. */
const PATIENCE_MS = 5000;

const PATIENT = Symbol.for('understudy.patient-waits');

// Files that follow each other in one process share `vi`, and each asks for this.
const { waitFor } = vi;
if (!(PATIENT in waitFor)) {
  const patient: typeof waitFor = (callback, options = PATIENCE_MS) => waitFor(callback, options);
  vi.waitFor = Object.assign(patient, { [PATIENT]: true });
}
