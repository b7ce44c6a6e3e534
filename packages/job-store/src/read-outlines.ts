import { isTerminal, jobStatusSchema } from '@understudy/contracts';
import { loadScript, replyList, replyText } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import { fullProgress } from './dense/dense-progress.ts';
import { membersOf } from './dense/members.ts';
import { jobKeys } from './job-keys.ts';
import type { JobKeys, JobReference } from './job-keys.ts';
import { outlinedProgressSchema, outlinedRequestSchema } from './job-outline.ts';
import type { JobOutline } from './job-outline.ts';
import type { NewerRecord } from './newer-record.ts';
import { createRecordSeal } from './record-seal.ts';
import { readAlone } from './unread-record.ts';
import type { UnreadRecord } from './unread-record.ts';

const readScript = loadScript(new URL('./scripts/read-outlines.lua', import.meta.url));

/** Of a record's hash, in the order in which they are read; what they are, `parseRecord` says. */
const FIELDS = ['v', 'st', 'req', 'prog', 'end', 't1'] as const;

/** Records of one shard that one script reads, so that none holds Redis for long. */
const READ_AT_ONCE = 200;

/**
 * As `JobStore.readOutlines` promises it.
 * @param newest the newest form of a record that may be read: of a later one nothing else is looked at
 */
export async function readOutlines(
  redis: Redis,
  prefix: string,
  jobs: readonly JobReference[],
  sealer: Sealer,
  newest: number,
): Promise<(JobOutline | UnreadRecord | undefined)[]> {
  const places = jobs.map((job, index): Place => ({ job, keys: jobKeys(prefix, job), index }));
  const found: (JobOutline | UnreadRecord | undefined)[] = Array.from({ length: jobs.length });
  const reading = [...Map.groupBy(places, ({ keys }) => keys.shard).values()].flatMap(inPortions);
  await Promise.all(
    reading.map(async (some) => {
      const records = some.map(({ keys }) => keys.record);
      const texts = replyList(await readScript.run(redis, records, FIELDS));
      for (const [at, { job, keys, index }] of some.entries()) {
        found[index] = readAlone(() =>
          parseOutline(replyText(texts[at]), job, keys, sealer, newest),
        );
      }
    }),
  );
  return found;
}

/** A job among those that are asked for. */
interface Place {
  job: JobReference;
  keys: JobKeys;
  index: number;
}

function inPortions(places: readonly Place[]): (readonly Place[])[] {
  return Array.from({ length: Math.ceil(places.length / READ_AT_ONCE) }, (_, portion) =>
    places.slice(portion * READ_AT_ONCE, (portion + 1) * READ_AT_ONCE),
  );
}

function parseOutline(
  text: string,
  job: JobReference,
  keys: JobKeys,
  sealer: Sealer,
  newest: number,
): JobOutline | NewerRecord | undefined {
  const [form, status, request = '', progress = '', end = '', completedAt = ''] = text.split('\n');
  if (Number(form || 1) > newest) return { newer: Number(form) };
  if (request === '' || progress === '') return undefined;
  const known = jobStatusSchema.parse(status);
  const seal = createRecordSeal(sealer, keys, job, false);
  const outlined = seal.partOfRequest(request, (members) => ({
    ...outlinedRequestSchema.parse(members),
    id: job.id,
    project: job.project,
  }));
  const way = fullProgress(membersOf(JSON.parse(progress)), outlined);
  return {
    request: outlined,
    progress: outlinedProgressSchema.parse(way),
    status: known,
    ...(completedAt === '' ? {} : { completedAt: Number(completedAt) }),
    ...(isTerminal(known) && end !== '' ? { end: seal.end(end) } : {}),
  };
}
