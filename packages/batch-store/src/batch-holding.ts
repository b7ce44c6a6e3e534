import { batchRequestSchema, batchStatusSchema, isTerminalBatch } from '@understudy/contracts';
import { isUnreadable, parseMember, readAlone } from '@understudy/job-store';
import {
  loadScript,
  repliesOf,
  replyList,
  replyText,
  subscribePatiently,
} from '@understudy/runtime';
import type { Redis, Subscriber } from '@understudy/runtime';
import { z } from 'zod';
import { batchKeys, batchMember, unfinishedKey, wakeChannel } from './batch-keys.ts';
import type { BatchReference } from './batch-keys.ts';
import type { BatchRuns, OverdueBatch, UnfinishedBatch } from './batch-run.ts';
import type { LeaseStep } from './lease-step.ts';

const claimScript = loadScript(new URL('./scripts/claim.lua', import.meta.url));
const renewScript = loadScript(new URL('./scripts/renew.lua', import.meta.url));
const tellScript = loadScript(new URL('./scripts/tell.lua', import.meta.url));

const textSchema = z.string().nullable();
const stateSchema = z.tuple([textSchema, textSchema, textSchema]);
const overdueSchema = z.tuple([textSchema, textSchema]);
/** Neither is encrypted. */
const timeSchema = batchRequestSchema.pick({ input_file_id: true, expires_at: true });

type BatchHolding = Pick<
  BatchRuns,
  'unfinished' | 'overdue' | 'holdStates' | 'claim' | 'renew' | 'release' | 'onWake' | 'leave'
>;

/** Which batches somebody must work on, and who does. */
export function createBatchHolding(
  redis: Redis,
  keyPrefix: string,
  step: LeaseStep,
  subscriber: Subscriber | undefined,
): BatchHolding {
  const recordOf = (batch: BatchReference): string => batchKeys(keyPrefix, batch).record;

  return {
    unfinished: async (limit, madeAfter) => {
      const key = unfinishedKey(keyPrefix);
      const first = madeAfter === undefined ? '-inf' : `(${madeAfter}`;
      const found = rowsOf(
        await redis.zrangebyscore(key, first, '+inf', 'WITHSCORES', 'LIMIT', 0, limit),
      );
      const last = found.at(-1)?.since;
      if (last === undefined || found.length < limit) return found;
      const beside = rowsOf(await redis.zrangebyscore(key, last, last, 'WITHSCORES'));
      const members = new Set(found.map(({ batch }) => batchMember(batch)));
      return [...found, ...beside.filter(({ batch }) => !members.has(batchMember(batch)))];
    },

    overdue: async (batches, now) => {
      const pipeline = redis.pipeline();
      for (const batch of batches) pipeline.hmget(recordOf(batch), 'st', 'req');
      const replies = await repliesOf(pipeline.exec());
      return replies.flatMap((reply, index): OverdueBatch[] => {
        const [status, text] = overdueSchema.parse(reply);
        const batch = batches[index];
        if (batch === undefined || status === null || text === null) return [];
        const read = readAlone(() => ({
          ...timeSchema.parse(JSON.parse(text)),
          hasEnded: isTerminalBatch(batchStatusSchema.parse(status)),
        }));
        if (isUnreadable(read)) return [{ batch }];
        const { input_file_id: input, expires_at: expiresAt, hasEnded } = read;
        return hasEnded || expiresAt > now ? [] : [{ batch, input }];
      });
    },

    holdStates: async (batches, now) => {
      const pipeline = redis.pipeline();
      for (const batch of batches) pipeline.hmget(recordOf(batch), 'st', 'holder', 'until');
      const replies = await repliesOf(pipeline.exec());
      return replies.map((reply) => {
        const [status, holder, text] = stateSchema.parse(reply);
        if (status === null) return undefined;
        const until = Number(text ?? 0);
        const held = holder !== null && until > now;
        return { held, until, cancelling: status === 'cancelling' };
      });
    },

    claim: async (batch, holder, now, until) => {
      const reply = await claimScript.run(redis, [recordOf(batch)], [holder, now, until]);
      const [kind, fence] = replyList(reply);
      const text = replyText(kind);
      if (text === 'held' || text === 'missing') return { kind: text };
      return { kind: 'claimed', lease: { batch, fence: Number(fence) } };
    },

    renew: (lease, until) => step(lease, renewScript, [], [until]),

    release: async ({ batch, fence }) => {
      await renewScript.run(redis, [recordOf(batch)], [fence, '']);
    },

    onWake: (wake) => {
      if (subscriber === undefined) throw new Error('waking needs a connection that listens');
      const channel = wakeChannel(keyPrefix);
      subscriber.on('message', (from, member) => {
        if (from === channel) wake(parseMember(member));
      });
      void subscribePatiently(subscriber, channel);
    },

    leave: async (batch) => {
      // The record first: from then on its owner may remove it.
      await tellScript.run(redis, [recordOf(batch)], []);
      await redis.zrem(unfinishedKey(keyPrefix), batchMember(batch));
    },
  };
}

/** Of names with their scores, as Redis lists them in turn. */
function rowsOf(rows: readonly string[]): UnfinishedBatch[] {
  return rows.flatMap((member, index) =>
    index % 2 === 0 ? [{ batch: parseMember(member), since: Number(rows[index + 1]) }] : [],
  );
}
