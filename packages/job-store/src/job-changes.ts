import { jobEventSchema, readMessage } from '@understudy/contracts';
import type { JobEvent } from '@understudy/contracts';
import { subscribePatiently } from '@understudy/runtime';
import type { Subscriber } from '@understudy/runtime';
import { SHARD_COUNT, changesChannel, shardOf } from './job-keys.ts';

export interface JobChanges {
  /**
   * Calls back for every change of the job from now on, until the returned function is called; and
   * with undefined where changes may have been missed before now, as Redis had to be told first that
   * somebody watches, or was away: whoever waits must read again.
   */
  watch(id: string, onChange: (event: JobEvent | undefined) => void): () => void;
}

/** So long after the last one who watched messages are still taken: a next one waits for nothing. */
const KEPT_MS = 60_000;

/**
 * Hears of changes of jobs over one subscriber connection, and tells those who watch. Of a shard of
 * which nobody watches a job Redis sends none: two for each job, to each process, that would cost
 * more than they are worth.
 */
export function subscribeToChanges(
  subscriber: Subscriber,
  prefix: string,
  keptMs: number = KEPT_MS,
): JobChanges {
  const shards = Array.from({ length: SHARD_COUNT }, (_, shard) =>
    createWatchedShard(subscriber, changesChannel(prefix, shard), keptMs),
  );
  const byChannel = new Map(shards.map((shard) => [shard.channel, shard]));
  subscriber.on('message', (channel, message) => byChannel.get(channel)?.hear(message));
  subscriber.on('ready', () => {
    // The answer to a ping comes after the subscriptions: from then on nothing is missed.
    subscriber.ping().then(
      () => shards.forEach((shard) => shard.tellOfMissed()),
      () => undefined,
    );
  });
  return { watch: (id, onChange) => shards[shardOf(id)]!.watch(id, onChange) };
}

interface WatchedShard extends JobChanges {
  channel: string;
  hear(message: string): void;
  /** Changes of any of its jobs may have been missed. */
  tellOfMissed(): void;
}

function createWatchedShard(subscriber: Subscriber, channel: string, keptMs: number): WatchedShard {
  const watchers = new Map<string, Set<(event: JobEvent | undefined) => void>>();
  const tellOfMissed = (): void => {
    for (const watching of watchers.values()) for (const notify of watching) notify(undefined);
  };
  let listens = false;
  let leaving: NodeJS.Timeout | undefined;
  const listen = (): void => {
    clearTimeout(leaving);
    if (listens) return;
    listens = true;
    void subscribePatiently(subscriber, channel).then(tellOfMissed);
  };
  const leave = (): void => {
    listens = false;
    // A connection that breaks just now is told again when it is back, or hears more than it needs.
    subscriber.unsubscribe(channel).catch(() => undefined);
  };
  return {
    channel,
    hear: (message) => {
      // Most changes interest nobody here: they are not worth parsing.
      if (watchers.size === 0) return;
      const event = readMessage(jobEventSchema, message);
      if (event === undefined) return;
      for (const notify of watchers.get(event.id) ?? []) notify(event);
    },
    tellOfMissed,
    watch: (id, onChange) => {
      const watching = watchers.get(id) ?? new Set();
      watchers.set(id, watching.add(onChange));
      listen();
      return () => {
        watching.delete(onChange);
        if (watching.size === 0) watchers.delete(id);
        if (watchers.size > 0) return;
        clearTimeout(leaving);
        leaving = setTimeout(leave, keptMs).unref();
      };
    },
  };
}
