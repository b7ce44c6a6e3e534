import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8's heap grow to three times what is live before all of it is collected, buffers counted.
 * Left to itself V8 collected it for each ten megabytes of an upload, whose buffers are garbage at
 * once: three times a second, for 10 to 40 ms, and every hundredth submit of other callers met one
 * (`bench/upload.ts`). The flag is read at the end of each collection, so that it may be set while
 * the process runs.
 */
export function collectLessOften(): void {
  setFlagsFromString('--heap-growing-percent=200');
}
