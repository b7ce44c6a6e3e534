import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, readlink, realpath, rename } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { finished } from 'node:stream/promises';

/** A file that is being written a piece at a time. */
export interface WrittenFile {
  /** Resolves when more may be written. */
  write(piece: string | Uint8Array): Promise<void>;
  /** Resolves when all of it is on disk. */
  end(): Promise<void>;
  /** Gives up writing; what was written stays. Safe to call after `end`. */
  abandon(): void;
}

/** Overwrites what is there, readable by its owner alone: it holds prompts or answers. */
export async function createFile(path: string): Promise<WrittenFile> {
  const stream = createWriteStream(path, { mode: 0o600, flush: true, highWaterMark: 1024 * 1024 });
  await once(stream, 'open');
  const ended = finished(stream);
  // Told to whoever writes next; until then it is nobody's.
  ended.catch(() => undefined);
  return {
    write: async (piece) => {
      if (stream.errored) throw stream.errored;
      if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), ended]);
    },
    end: async () => {
      stream.end();
      await ended;
    },
    abandon: () => void stream.destroy(),
  };
}

/** Puts a finished file in the place of another; after a power loss there is one of the two. */
export async function replaceFile(from: string, to: string): Promise<void> {
  await rename(from, to);
  const folder = await open(dirname(to));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Where symbolic links lead from `path`, also to a file that is not there yet. */
export async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const link = await readlink(path).catch(() => undefined);
    return link === undefined ? path : followLinks(resolve(dirname(path), link));
  }
}
