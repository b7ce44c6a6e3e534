import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FilePart } from '@understudy/contracts';
import { createLogger } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import { onTestFinished } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../../test/support/redis.ts';
import { createFileStore } from '../create-file-store.ts';
import { fileKeys } from '../file-keys.ts';
import type { StoredFile } from '../file-store.ts';
import { createFolderBytes } from '../folder-bytes.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** The nth file id: 26 characters of base 32. */
export function fileIdOf(number: number): string {
  let text = '';
  for (let rest = number; text.length < 26; rest = Math.floor(rest / 32)) {
    text = `${ALPHABET[rest % 32]}${text}`;
  }
  return `file-${text}`;
}

export async function* contentOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

/** A file store on the Redis of the tests, and a folder of its own unless one is given. */
export async function openFileScene(given: { sealer?: Sealer; folder?: string } = {}) {
  const folder = given.folder ?? (await newFolder());
  const redis = openTestRedis();
  const keyPrefix = uniqueKeyPrefix();
  const bytes = createFolderBytes(folder);
  const logger = createLogger('test', 'silent');
  const files = createFileStore({
    redis,
    keyPrefix,
    bytes,
    logger,
    ...(given.sealer === undefined ? {} : { sealer: given.sealer }),
  });

  const upload = async (number: number, text: string, more = {}): Promise<StoredFile> => {
    const id = fileIdOf(number);
    const received = await files.receive('acme', id, contentOf(text), 1000);
    const draft = { id, purpose: 'batch', filename: `${number}.jsonl`, ...more } as const;
    return await files.register('acme', draft, received);
  };
  const readText = async (id: string, start?: number): Promise<string | undefined> => {
    const chunks = await files.content('acme', id, start);
    if (chunks === undefined) return undefined;
    const pieces: Buffer[] = [];
    for await (const chunk of chunks) pieces.push(chunk);
    return Buffer.concat(pieces).toString();
  };
  const keysBelow = async (prefix: string): Promise<string[]> => {
    const keys = [];
    for await (const { key } of bytes.list(prefix)) keys.push(key);
    return keys.toSorted();
  };
  /** As a batch does that has merged the parts of its output. */
  const mergeParts = async (id: string, part: FilePart): Promise<void> => {
    const { record, parts } = fileKeys(keyPrefix, 'acme', id);
    const merging = redis.multi().del(parts).rpush(parts, JSON.stringify(part));
    await merging.hset(record, { bytes: part.bytes, complete: 1 }).exec();
  };
  return {
    redis,
    keyPrefix,
    bytes,
    logger,
    files,
    folder,
    upload,
    readText,
    keysBelow,
    mergeParts,
  };
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
