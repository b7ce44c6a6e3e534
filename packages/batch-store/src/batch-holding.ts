import { parseMember } from '@understudy/job-store';
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
import type { BatchRuns } from './batch-run.ts';
import type { LeaseStep } from './lease-step.ts';

const claimScript = loadScript(new URL('./scripts/claim.lua', import.meta.url));
const renewScript = loadScript(new URL('./scripts/renew.lua', import.meta.url));
const tellScript = loadScript(new URL('./scripts/tell.lua', import.meta.url));

const textSchema = z.string().nullable();
const stateSchema = z.tuple([textSchema, textSchema, textSchema]);

type BatchHolding = Pick<
  BatchRuns,
  'unfinished' | 'holdStates' | 'claim' | 'renew' | 'release' | 'onWake' | 'leave'
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
    unfinished: async (limit) => {
      const rows = await redis.zrange(
        unfinishedKey(keyPrefix),
        '0',
        String(limit - 1),
        'WITHSCORES',
      );
      return rows.flatMap((member, index) =>
        index % 2 === 0 ? [{ batch: parseMember(member), since: Number(rows[index + 1]) }] : [],
      );
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
