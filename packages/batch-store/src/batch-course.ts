import { appendedChannel, batchEvent, readAlone, streamKey } from '@understudy/job-store';
import { loadScript } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import { batchKeys, runsKey } from './batch-keys.ts';
import type { BatchReference } from './batch-keys.ts';
import type { BatchRuns } from './batch-run.ts';
import { batchPlaces } from './batch-seal.ts';
import { countEnded } from './count-ended.ts';
import { TOMBSTONE_MS } from './create-batch-store.ts';
import type { LeaseStep } from './lease-step.ts';
import { parseRejection } from './line-rejection.ts';
import { parseBatch } from './parse-batch.ts';
import { uncountedLines } from './uncounted-lines.ts';

const validatedScript = loadScript(new URL('./scripts/validated.lua', import.meta.url));
const admitScript = loadScript(new URL('./scripts/admit.lua', import.meta.url));
const finalizeScript = loadScript(new URL('./scripts/finalize.lua', import.meta.url));
const finishScript = loadScript(new URL('./scripts/finish.lua', import.meta.url));

type BatchCourse = Pick<
  BatchRuns,
  | 'read'
  | 'validated'
  | 'admit'
  | 'countEnded'
  | 'endedLines'
  | 'rejections'
  | 'uncounted'
  | 'moving'
  | 'moved'
  | 'finalize'
  | 'finish'
>;

/** How far a batch has come: its status, its cursor, and its lines from their admission to their end. */
export function createBatchCourse(
  redis: Redis,
  keyPrefix: string,
  step: LeaseStep,
  sealer: Sealer,
): BatchCourse {
  const keysOf = (batch: BatchReference) => batchKeys(keyPrefix, batch);

  return {
    read: async (batch) => {
      const { record } = keysOf(batch);
      return parseBatch(await redis.hgetall(record), sealer, record);
    },

    validated: (lease, now, total, problems) => {
      const place = batchPlaces(keysOf(lease.batch).record).problems;
      const text = problems.length === 0 ? '' : sealer.sealText(JSON.stringify(problems), place);
      return step(lease, validatedScript, [], [now, total, text]);
    },

    admit: (lease, { from, to, admitted, blanks, rejected }) => {
      const { record, counted, ended, rejected: reasons } = keysOf(lease.batch);
      const places = batchPlaces(record);
      const rows = [...rejected].flatMap(([line, reason]) => [
        line,
        sealer.sealText(JSON.stringify(reason), places.rejection(line)),
      ]);
      return step(
        lease,
        admitScript,
        [counted, ended, reasons],
        [from.byte, to.line, to.byte, admitted, blanks.length, ...blanks, ...rows],
      );
    },

    countEnded: (batch, lines) => countEnded(redis, keyPrefix, batch, lines),

    endedLines: async (batch, limit) => {
      const { ended } = keysOf(batch);
      const [lines, count] = await Promise.all([
        redis.zrange(ended, '0', String(limit - 1)),
        redis.zcard(ended),
      ]);
      return { lines: lines.map(Number), count };
    },

    rejections: async (batch, lines) => {
      if (lines.length === 0) return new Map();
      const { record, rejected } = keysOf(batch);
      const places = batchPlaces(record);
      const rows = await redis.hmget(rejected, ...lines.map(String));
      return new Map(
        lines.flatMap((line, index) => {
          const text = rows[index] ?? null;
          if (text === null) return [];
          const place = places.rejection(line);
          const reason = readAlone(() => parseRejection(sealer.openText(text, place)));
          return [[line, reason] as const];
        }),
      );
    },

    uncounted: async (batch, last) =>
      uncountedLines((await redis.getBuffer(keysOf(batch).counted)) ?? Buffer.alloc(0), last),

    moving: async (batch) =>
      Object.entries(await redis.hgetall(keysOf(batch).moving)).map(([line, file]) => ({
        line: Number(line),
        file,
      })),

    moved: async (batch, lines) => {
      if (lines.length > 0) await redis.hdel(keysOf(batch).moving, ...lines.map(String));
    },

    finalize: async ({ batch, fence }, now) => {
      const { record, ended } = keysOf(batch);
      return Number(await finalizeScript.run(redis, [record, ended], [fence, now])) === 1;
    },

    finish: (lease, ended, now, keepMs) => {
      const { batch } = lease;
      const { counted, ended: endedKey, rejected, moving, tombstone } = keysOf(batch);
      // Those of a completed file are gone; those of a file that its owner removed are not.
      const runs = [ended.outputFileId, ended.errorFileId].flatMap((file) =>
        file === undefined ? [] : [runsKey(keyPrefix, batch, file)],
      );
      const event = batchEvent(ended);
      return step(
        lease,
        finishScript,
        [
          streamKey(keyPrefix, batch.project),
          tombstone,
          counted,
          endedKey,
          rejected,
          moving,
          ...runs,
        ],
        [
          ended.version - 1,
          ended.status,
          now,
          keepMs,
          appendedChannel(keyPrefix),
          batch.project,
          event.id,
          event.type,
          JSON.stringify(event),
          keepMs + TOMBSTONE_MS,
        ],
      );
    },
  };
}
