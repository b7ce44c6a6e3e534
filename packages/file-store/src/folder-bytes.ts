import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { makeFolder, syncFolder } from './durable-folder.ts';
import type { FileBytes } from './file-bytes.ts';
import { fileKeySegments, filePrefixSegments } from './file-key-segments.ts';
import { codeOf, explainFolderError, isMissing } from './folder-failure.ts';
import { gatherInOneBuffer } from './gathered-chunks.ts';
import { measureChunks } from './measured-chunks.ts';
import { PLACE_MARKS, PLACE_MARK_TEXT } from './place-mark.ts';
import { walkFolder } from './walk-folder.ts';

/** Of the folder for what is not whole yet. No key begins with a dot. */
const UNFINISHED = '.unfinished';
/**
 * Bytes that go to the disk together. Redis syncs the same disk for every job it accepts, and would
 * wait behind a whole upload that is synced only at its end.
 */
const SYNCED_BYTES = 1024 * 1024;
const READ_BYTES = 256 * 1024;
/** Times that a folder is made again which was removed, being empty, before the file was in it. */
const RENAME_TRIES = 5;

/**
 * Files' bytes in a folder of this machine, or one that several mount. Makes it when it first
 * writes; only its owner reads what is in it.
 */
export function createFolderBytes(path: string): FileBytes {
  const root = resolve(path);
  const unfinished = join(root, UNFINISHED);
  const pathOf = (key: string): string => join(root, ...fileKeySegments(key));

  const writeUnfinished = async (chunks: AsyncIterable<Buffer>): Promise<string> => {
    await makeFolder(unfinished);
    const temporary = join(unfinished, randomUUID());
    const handle = await open(temporary, 'wx', 0o600);
    try {
      let unsynced = 0;
      for await (const chunk of chunks) {
        await handle.writeFile(chunk);
        unsynced += chunk.byteLength;
        if (unsynced < SYNCED_BYTES) continue;
        await handle.datasync();
        unsynced = 0;
      }
      await handle.sync();
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return temporary;
  };

  return {
    write: async (key, source, options) => {
      const target = pathOf(key);
      const measured = measureChunks(source, gatherInOneBuffer, options?.maxBytes);
      try {
        const temporary = await writeUnfinished(measured.chunks);
        await moveInto(temporary, target);
      } catch (error) {
        throw measured.sourceFailure()?.error ?? explainFolderError(error);
      }
      return { ...measured.written(), key };
    },

    read: async (key, range) => {
      try {
        const handle = await open(pathOf(key), 'r');
        const { start = 0, end = Infinity } = range ?? {};
        if (end <= start) {
          await handle.close();
          return Readable.from([]);
        }
        return handle.createReadStream({ start, end: end - 1, highWaterMark: READ_BYTES });
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw explainFolderError(error);
      }
    },

    remove: async (keys) => {
      try {
        for (const target of keys.map(pathOf)) await removeFile(target);
      } catch (error) {
        throw explainFolderError(error);
      }
    },

    list: (prefix) => walkFolder(root, filePrefixSegments(prefix)),

    removeAbandoned: async (before) => {
      for await (const { key, changedAt } of walkFolder(root, [UNFINISHED])) {
        if (changedAt < before) await rm(join(root, key), { force: true });
      }
    },

    mark: async (name) => {
      const folder = join(root, PLACE_MARKS);
      try {
        const marks = await namesIn(folder);
        if (marks.includes(name)) return marks;
        const temporary = await writeUnfinished(Readable.from([Buffer.from(PLACE_MARK_TEXT)]));
        await moveInto(temporary, join(folder, name));
        return await namesIn(folder);
      } catch (error) {
        throw explainFolderError(error);
      }
    },

    check: async () => {
      try {
        await rm(await writeUnfinished(Readable.from([Buffer.from('check')])), { force: true });
      } catch (error) {
        throw new Error(
          `files cannot be stored in ${root} (${codeOf(error) ?? String(error)}); give this service's user the right to write there, or name another folder in files.path`,
          { cause: error },
        );
      }
    },
  };
}

/** The name changes in one step; both folders are on disk when this resolves. */
async function moveInto(temporary: string, target: string): Promise<void> {
  const folder = dirname(target);
  try {
    for (let tries = 1; ; tries += 1) {
      try {
        await makeFolder(folder);
        await rename(temporary, target);
        break;
      } catch (error) {
        if (codeOf(error) !== 'ENOENT' || tries === RENAME_TRIES) throw error;
      }
    }
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Its folder goes with the last file in it. */
async function removeFile(target: string): Promise<void> {
  await rm(target, { force: true });
  const folder = dirname(target);
  try {
    await rmdir(folder);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOTEMPTY' && code !== 'ENOENT' && code !== 'EEXIST') throw error;
  }
}
