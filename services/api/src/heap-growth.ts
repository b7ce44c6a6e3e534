import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8's heap grow to three times what is live before all of it is collected, buffers counted.
 * V8's own factor is about 1.3 in a process that does little besides: an upload's buffers, which
 * are garbage at once, then cost three collections a second of 10 to 40 ms each, and every
 * hundredth submit of other callers met one (`bench/upload.ts`). It is read at the end of each
 * collection, so that it may be set while the process runs.
 */
export function collectLessOften(): void {
  setFlagsFromString('--heap-growing-percent=200');
}
