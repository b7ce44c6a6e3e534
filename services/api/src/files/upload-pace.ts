import { setTimeout as sleep } from 'node:timers/promises';
import type { FileStore } from '@understudy/file-store';

/** Below this a timer is not worth its trouble. */
const SHORTEST_PAUSE_MS = 4;

/**
 * How fast one process takes uploads, all of them together: 200 MB in six seconds. At the speed
 * of the loopback device, 130 MB/s, an upload doubled the median time of everybody else's submits;
 * at this pace neither the median nor the slowest hundredth shows it (`bench/upload.ts`).
 */
const UPLOAD_BYTES_PER_SECOND = 32 * 1024 * 1024;

/** Lets chunks through no faster than the pace. */
type UploadPace = (source: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>;

/** @param monotonic milliseconds; what is left of a pause that was slept too long counts */
export function createUploadPace(bytesPerSecond: number, monotonic: () => number): UploadPace {
  let freeAt = -Infinity;
  return async function* pace(source) {
    for await (const chunk of source) {
      freeAt = Math.max(freeAt, monotonic()) + (chunk.length / bytesPerSecond) * 1000;
      yield chunk;
      const pauseMs = freeAt - monotonic();
      if (pauseMs >= SHORTEST_PAUSE_MS) await sleep(pauseMs);
    }
  };
}

/** The same files, taken in no faster than everybody else can bear. */
export function pacedUploads(files: FileStore, monotonic: () => number): FileStore {
  const pace = createUploadPace(UPLOAD_BYTES_PER_SECOND, monotonic);
  return {
    ...files,
    receive: (project, id, source, maxBytes) => files.receive(project, id, pace(source), maxBytes),
  };
}
