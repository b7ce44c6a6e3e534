import { filePartSchema } from '@understudy/contracts';
import type { FilePart } from '@understudy/contracts';
import { fileKeys, fileRecordText } from '@understudy/file-store';
import { appendedChannel, batchEvent, streamKey } from '@understudy/job-store';
import { loadScript, replyList, replyText, subscribePatiently } from '@understudy/runtime';
import type { Redis, RedisScript, Subscriber } from '@understudy/runtime';
import { createSealer } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import {
  batchKeys,
  batchMember,
  parseBatchMember,
  runsKey,
  unfinishedKey,
  wakeChannel,
} from './batch-keys.ts';
import type { BatchReference } from './batch-keys.ts';
import { LeaseLostError } from './batch-run.ts';
import type { BatchLease, BatchRuns, WrittenPart } from './batch-run.ts';
import { batchPlaces } from './batch-seal.ts';
import { TOMBSTONE_MS } from './create-batch-store.ts';
import { countEnded } from './count-ended.ts';
import { parseRejection } from './line-rejection.ts';
import { parseBatch } from './parse-batch.ts';
import { decodeRun, encodeRun } from './run-encoding.ts';
import { uncountedLines } from './uncounted-lines.ts';

const script = (name: string): RedisScript =>
  loadScript(new URL(`./scripts/${name}.lua`, import.meta.url));

const claimScript = script('claim');
const renewScript = script('renew');
const validatedScript = script('validated');
const admitScript = script('admit');
const commitPartScript = script('commit-part');
const skipLinesScript = script('skip-lines');
const finalizeScript = script('finalize');
const completeOutputScript = script('complete-output');
const finishScript = script('finish');
const tellScript = script('tell');

/**
 * @param subscriber a connection that only listens; needed by `onWake`
 * @param sealer encrypts what callers wrote; without keys unless given
 */
export function createBatchRuns(
  redis: Redis,
  keyPrefix: string,
  subscriber?: Subscriber,
  sealer: Sealer = createSealer([]),
): BatchRuns {
  const keysOf = (batch: BatchReference) => batchKeys(keyPrefix, batch);

  const fenced = async (
    lease: BatchLease,
    step: RedisScript,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
  ): Promise<void> => {
    const record = keysOf(lease.batch).record;
    const reply = await step.run(redis, [record, ...keys], [lease.fence, ...args]);
    if (Number(reply) === 1) return;
    throw new LeaseLostError(`another runner has taken over batch ${lease.batch.id}`);
  };

  const outputKeys = ({ batch }: BatchLease, file: string) => {
    const { record, parts, expiring, used } = fileKeys(keyPrefix, batch.project, file);
    return { runs: runsKey(keyPrefix, batch, file), record, parts, expiring, used };
  };

  return {
    unfinished: async (limit) => {
      const rows = await redis.zrange(
        unfinishedKey(keyPrefix),
        '0',
        String(limit - 1),
        'WITHSCORES',
      );
      return rows.flatMap((member, index) =>
        index % 2 === 0
          ? [{ batch: parseBatchMember(member), since: Number(rows[index + 1]) }]
          : [],
      );
    },

    claim: async (batch, holder, now, until) => {
      const reply = await claimScript.run(redis, [keysOf(batch).record], [holder, now, until]);
      const [kind, fence] = replyList(reply);
      const text = replyText(kind);
      if (text === 'held' || text === 'missing') return { kind: text };
      return { kind: 'claimed', lease: { batch, fence: Number(fence) } };
    },

    renew: (lease, until) => fenced(lease, renewScript, [], [until]),

    release: async ({ batch, fence }) => {
      await renewScript.run(redis, [keysOf(batch).record], [fence, '']);
    },

    onWake: (wake) => {
      if (subscriber === undefined) throw new Error('waking needs a connection that listens');
      const channel = wakeChannel(keyPrefix);
      subscriber.on('message', (from, member) => {
        if (from === channel) wake(parseBatchMember(member));
      });
      void subscribePatiently(subscriber, channel);
    },

    read: async (batch) => {
      const { record } = keysOf(batch);
      return parseBatch(await redis.hgetall(record), sealer, record);
    },

    validated: (lease, now, total, problems) => {
      const place = batchPlaces(keysOf(lease.batch).record).problems;
      const text = problems.length === 0 ? '' : sealer.sealText(JSON.stringify(problems), place);
      return fenced(lease, validatedScript, [], [now, total, text]);
    },

    admit: (lease, { from, to, admitted, blanks, rejected }) => {
      const { record, counted, ended, rejected: reasons } = keysOf(lease.batch);
      const places = batchPlaces(record);
      const rows = [...rejected].flatMap(([line, reason]) => [
        line,
        sealer.sealText(JSON.stringify(reason), places.rejection(line)),
      ]);
      return fenced(
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
          const reason = parseRejection(sealer.openText(text, places.rejection(line)));
          return [[line, reason] as const];
        }),
      );
    },

    uncounted: async (batch, last) =>
      uncountedLines((await redis.getBuffer(keysOf(batch).counted)) ?? Buffer.alloc(0), last),

    commitPart: (lease, part, withoutJob) => {
      const { ended, rejected, moving } = keysOf(lease.batch);
      const { runs, record, parts, used } = outputKeys(lease, part.file);
      const lines = part.entries.map(({ line }) => line);
      const jobs = lines.filter((line) => !withoutJob.has(line));
      const others = lines.filter((line) => withoutJob.has(line));
      return fenced(
        lease,
        commitPartScript,
        [ended, rejected, moving, runs, record, parts, used],
        [part.role, part.file, ...partArguments(part), jobs.length, ...jobs, ...others],
      );
    },

    moving: async (batch) =>
      Object.entries(await redis.hgetall(keysOf(batch).moving)).map(([line, file]) => ({
        line: Number(line),
        file,
      })),

    moved: async ({ batch }, lines) => {
      // Saying it late, or twice, harms nothing.
      if (lines.length > 0) await redis.hdel(keysOf(batch).moving, ...lines.map(String));
    },

    skipLines: (lease, { from, to, outcome, lines }, part) => {
      const { runs, record, parts, used } = outputKeys(lease, part?.file ?? '');
      return fenced(
        lease,
        skipLinesScript,
        [runs, record, parts, used],
        [
          from.byte,
          to.line,
          to.byte,
          outcome,
          lines,
          part?.role ?? '',
          part?.file ?? '',
          ...(part === undefined ? [''] : partArguments(part)),
        ],
      );
    },

    finalize: async ({ batch, fence }, now) => {
      const { record, ended } = keysOf(batch);
      return Number(await finalizeScript.run(redis, [record, ended], [fence, now])) === 1;
    },

    runs: async (batch, file) => {
      const runs = await redis.lrangeBuffer(runsKey(keyPrefix, batch, file), 0, -1);
      return runs.map(decodeRun);
    },

    completeOutput: (lease, { file, record: completed, expiresAt, parts: merged }) => {
      const { runs, record, parts, expiring, used } = outputKeys(lease, file);
      const bytes = merged.reduce((sum, part) => sum + part.bytes, 0);
      const text = fileRecordText(completed, sealer, record);
      return fenced(
        lease,
        completeOutputScript,
        [runs, record, parts, expiring, used],
        [file, text, expiresAt, bytes, ...merged.map((part) => JSON.stringify(part))],
      );
    },

    finish: (lease, ended, now, keepMs) => {
      const { batch } = lease;
      const { counted, ended: endedKey, rejected, moving, tombstone } = keysOf(batch);
      // Those of a completed file are gone; those of a file that its owner removed are not.
      const runs = [ended.outputFileId, ended.errorFileId].flatMap((file) =>
        file === undefined ? [] : [runsKey(keyPrefix, batch, file)],
      );
      const event = batchEvent(ended);
      return fenced(
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

    leave: async (batch) => {
      // The record first: from then on its owner may remove it.
      await tellScript.run(redis, [keysOf(batch).record], []);
      await redis.zrem(unfinishedKey(keyPrefix), batchMember(batch));
    },
  };
}

function partArguments({ key, bytes, entries }: WrittenPart): (string | number | Buffer)[] {
  const part: FilePart = filePartSchema.parse({ key, bytes });
  return [JSON.stringify(part), bytes, encodeRun(key, entries)];
}
