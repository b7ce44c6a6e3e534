import { BrokerError } from '@understudy/contracts';
import { loadScript, repliesOf, replyList, replyText } from '@understudy/runtime';
import type { Redis, UnreadableTeller } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import { z } from 'zod';
import { fileKeys } from './file-keys.ts';
import type { FileQuery, StoredFile } from './file-store.ts';
import { STORED_FIELDS, parseStoredFile } from './parse-stored-file.ts';

const pageScript = loadScript(new URL('./scripts/page-files.lua', import.meta.url));

/**
 * Records that are read at once, while looking for those of a purpose; and behind a page with none that
 * is listed, so that no list takes a round trip for each few of thousands.
 */
const LARGEST_PAGE = 1000;

const fieldsSchema = z.array(z.string().nullable());

/** Where the records of files stand. */
interface FilePlace {
  redis: Redis;
  keyPrefix: string;
  sealer: Sealer;
  /** Is told of each file that is left out, as its record cannot be read. */
  tellUnreadable: UnreadableTeller;
}

/** A page of a project's files, as FileStore's `list` promises it. */
export async function listFiles(
  place: FilePlace,
  project: string,
  query: FileQuery,
): Promise<{ files: StoredFile[]; hasMore: boolean }> {
  const files: StoredFile[] = [];
  const wanted = query.limit + 1;
  let after = query.after ?? '';
  let count = Math.min(wanted, LARGEST_PAGE);
  while (files.length < wanted) {
    const ids = await pageIds(place, project, after, query.order ?? 'desc', count);
    const found = await readFiles(place, project, ids);
    const listed = found.filter(
      ({ record }) => query.purpose === undefined || record.purpose === query.purpose,
    );
    files.push(...listed);
    const last = ids.at(-1);
    if (last === undefined || ids.length < count) break;
    after = last;
    if (listed.length === 0) count = LARGEST_PAGE;
  }
  return { files: files.slice(0, query.limit), hasMore: files.length > query.limit };
}

async function pageIds(
  { redis, keyPrefix }: FilePlace,
  project: string,
  after: string,
  order: 'asc' | 'desc',
  count: number,
): Promise<string[]> {
  const { list, removed } = fileKeys(keyPrefix, project, after);
  const reply = await pageScript.run(redis, [list, removed], [after, order, count]);
  if (reply !== null) return replyList(reply).map(replyText);
  throw new BrokerError(
    'invalid_request',
    `after is ${JSON.stringify(after.slice(0, 100))}, which is no file of this project; give the id of the last file seen`,
    { param: 'after' },
  );
}

async function readFiles(
  { redis, keyPrefix, sealer, tellUnreadable }: FilePlace,
  project: string,
  ids: readonly string[],
): Promise<StoredFile[]> {
  if (ids.length === 0) return [];
  const keys = ids.map((id) => fileKeys(keyPrefix, project, id).record);
  const pipeline = redis.pipeline();
  for (const key of keys) pipeline.hmget(key, ...STORED_FIELDS);
  const replies = await repliesOf(pipeline.exec());
  return keys.flatMap((key, index) => {
    try {
      return parseStoredFile(fieldsSchema.parse(replies[index]), sealer, key) ?? [];
    } catch (error) {
      const id = ids[index] ?? '';
      tellUnreadable({ project, id }, { file: id }, asError(error));
      return [];
    }
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
