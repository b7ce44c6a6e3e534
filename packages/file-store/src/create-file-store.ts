import { randomUUID } from 'node:crypto';
import { SCHEMA_VERSION, filePartSchema } from '@understudy/contracts';
import type { FilePart, FileRecord } from '@understudy/contracts';
import {
  loadScript,
  readRedisTime,
  repliesOf,
  replyList,
  replyText,
  unreadableTeller,
} from '@understudy/runtime';
import type { Logger, Redis } from '@understudy/runtime';
import { createSealer } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { z } from 'zod';
import type { FileBytes } from './file-bytes.ts';
import { isFileId } from './file-id.ts';
import { fileKeys, partKey, projectsKey } from './file-keys.ts';
import { OtherUploadError, StorageFullError } from './file-store.ts';
import type { FileDraft, FileStore, StoredFile } from './file-store.ts';
import { keepFile } from './keep-file.ts';
import { listFiles } from './list-files.ts';
import { STORED_FIELDS, fileRecordText, parseStoredFile } from './parse-stored-file.ts';
import { readParts } from './read-parts.ts';
import { sweepFiles } from './sweep-files.ts';

const registerScript = loadScript(new URL('./scripts/register-file.lua', import.meta.url));
const removeScript = loadScript(new URL('./scripts/remove-file.lua', import.meta.url));

/** How long one may page on from a file that was removed. */
const REMOVED_PLACE_MS = 3_600_000;

const textsSchema = z.array(z.string());
const fieldsSchema = z.array(z.string().nullable());

export interface FileStoreParts {
  redis: Redis;
  keyPrefix: string;
  bytes: FileBytes;
  logger: Logger;
  /** Encrypts the names of files; without keys where absent. */
  sealer?: Sealer;
}

export function createFileStore({
  redis,
  keyPrefix,
  bytes,
  logger,
  sealer = createSealer([]),
}: FileStoreParts): FileStore {
  const keysOf = (project: string, id: string) => fileKeys(keyPrefix, project, id);
  const tellUnreadable = unreadableTeller(logger, 'a file is not listed, as it cannot be read');

  const read = async (project: string, id: string): Promise<StoredFile | undefined> => {
    const { record } = keysOf(project, id);
    return parseStoredFile(await redis.hmget(record, ...STORED_FIELDS), sealer, record);
  };

  const readPartList = async (project: string, id: string): Promise<FilePart[] | undefined> => {
    const { record, parts } = keysOf(project, id);
    const [exists, rows] = await repliesOf(
      redis.multi().exists(record).lrange(parts, 0, -1).exec(),
    );
    return exists === 1 ? textsSchema.parse(rows).map(parsePart) : undefined;
  };

  /** The project is known before any of its bytes are, so that a sweep finds what a crash leaves. */
  const announce = async (project: string): Promise<void> => {
    await redis.sadd(projectsKey(keyPrefix), project);
  };

  const create = async (
    project: string,
    draft: FileDraft,
    parts: readonly FilePart[],
    complete: 0 | 1,
  ): Promise<StoredFile> => {
    const { record, parts: partList, ...sets } = keysOf(project, checkFileId(draft.id));
    const { list, expiring, used, uploaded } = sets;
    const createdAt = Math.floor(await readRedisTime(redis));
    const file = newRecord(project, draft, createdAt);
    const size = sizeOf(parts);
    const reply = await registerScript.run(
      redis,
      [record, partList, list, expiring, used, uploaded],
      [
        fileRecordText(file, sealer, record),
        draft.id,
        size,
        complete,
        createdAt,
        draft.expiresAt ?? '',
        draft.key ?? '',
        draft.mostBytes?.project ?? '',
        draft.mostBytes?.key ?? '',
        draft.upload?.fingerprint ?? '',
        draft.upload?.rememberedMs ?? '',
        ...parts.map((part) => JSON.stringify(part)),
      ],
    );
    const [made, holder, usedBytes] = replyList(reply);
    if (made === 2) {
      throw new StorageFullError(
        replyText(holder) === 'key' ? 'key' : 'project',
        Number(usedBytes),
      );
    }
    if (made === 3) throw new OtherUploadError('the key stands for another upload');
    const stored = { record: file, bytes: size, complete: complete === 1 };
    return made === 1 ? stored : ((await read(project, draft.id)) ?? stored);
  };

  /** Bytes that no record names any more: gone for their owner, whatever their place says. */
  const dropBytes = async (keys: readonly string[]): Promise<void> => {
    try {
      await bytes.remove(keys);
    } catch (error) {
      logger.warn({ err: error }, 'bytes of a removed file stay until they are swept');
    }
  };

  /** @param now where only a file is meant that has expired by then */
  const remove = async (project: string, id: string, now?: number): Promise<boolean> => {
    const { record, parts, list, expiring, removed, used, uploaded } = keysOf(project, id);
    const keys = [record, parts, list, expiring, removed, used, uploaded];
    const reply = await removeScript.run(redis, keys, [id, REMOVED_PLACE_MS, now ?? '']);
    if (reply === null) return false;
    await dropBytes(replyList(reply).map((row) => parsePart(replyText(row)).key));
    return true;
  };

  return {
    receive: async (project, id, source, maxBytes) => {
      await announce(project);
      const key = partKey(project, checkFileId(id), `received-${randomUUID()}`);
      return { id, ...(await bytes.write(key, source, { maxBytes })) };
    },

    register: async (project, draft, received) => {
      const part = { key: received.key, bytes: received.bytes };
      const file = await create(project, draft, [part], 1);
      const parts = await readPartList(project, draft.id);
      // Of an earlier request that was repeated: what came now is not needed.
      if (parts !== undefined && !parts.some(({ key }) => key === received.key)) {
        await dropBytes([received.key]);
      }
      return file;
    },

    discard: (_project, received) => dropBytes([received.key]),

    openOutput: async (project, draft) => {
      await announce(project);
      return await create(project, draft, [], 0);
    },

    read,

    open: async (project, id) => {
      const { record, parts } = keysOf(project, id);
      const [fields, rows] = await repliesOf(
        redis
          .multi()
          .hmget(record, ...STORED_FIELDS)
          .lrange(parts, 0, -1)
          .exec(),
      );
      const file = parseStoredFile(fieldsSchema.parse(fields), sealer, record);
      if (file === undefined) return undefined;
      const list = textsSchema.parse(rows).map(parsePart);
      return { ...file, content: (start) => readParts(bytes, list, start) };
    },

    content: async (project, id, start = 0) => {
      const parts = await readPartList(project, id);
      return parts === undefined ? undefined : readParts(bytes, parts, start);
    },

    keepUntil: (project, id, at) => keepFile(redis, keysOf(project, id), id, at),

    putOff: async (kept, at) => {
      if (kept.length === 0) return;
      const pipeline = redis.pipeline();
      for (const { project, id } of kept) {
        pipeline.zadd(keysOf(project, id).expiring, 'XX', 'GT', at, id);
      }
      await repliesOf(pipeline.exec());
    },

    list: (project, query) =>
      listFiles({ redis, keyPrefix, sealer, tellUnreadable }, project, query),

    remove: (project, id) => remove(project, id),

    sweep: (now) => sweepFiles({ redis, keyPrefix, bytes, logger, removeExpired: remove }, now),
  };
}

function newRecord(project: string, draft: FileDraft, createdAt: number): FileRecord {
  const { id, purpose, filename, expiresAt, batch } = draft;
  return {
    v: SCHEMA_VERSION,
    id,
    project,
    purpose,
    filename,
    created_at: createdAt,
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    ...(batch === undefined ? {} : { batch }),
  };
}

function sizeOf(parts: readonly FilePart[]): number {
  return parts.reduce((sum, part) => sum + part.bytes, 0);
}

function parsePart(row: string): FilePart {
  return filePartSchema.parse(JSON.parse(row));
}

function checkFileId(id: string): string {
  if (isFileId(id)) return id;
  throw new TypeError(`${JSON.stringify(id.slice(0, 100))} does not have the form of a file's id`);
}
