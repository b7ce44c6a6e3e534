import { jobEventSchema, readMessage } from '@understudy/contracts';
import type { JobEvent } from '@understudy/contracts';
import { subscribePatiently } from '@understudy/runtime';
import type { Subscriber } from '@understudy/runtime';
import { SHARD_COUNT, changesChannel } from './job-keys.ts';

export interface JobChanges {
  /** Calls back for every change of the job from now on, until the returned function is called. */
  watch(id: string, onChange: (event: JobEvent) => void): () => void;
}

/** So long after the last one who watched messages are still taken: a next one waits for nothing. */
const KEPT_MS = 60_000;

/**
 * Hears of every change of every job over one subscriber connection, and tells those who watch. While
 * nobody does, Redis sends none of them: two for each job, to each process, that would cost more
 * than they are worth.
 * @param onMissed changes may have been missed before now, as the first one began to watch or while
 *   Redis was away: whoever waits must read again
 */
export function subscribeToChanges(
  subscriber: Subscriber,
  prefix: string,
  onMissed: () => void,
  keptMs: number = KEPT_MS,
): JobChanges {
  const watchers = new Map<string, Set<(event: JobEvent) => void>>();
  const channels = Array.from({ length: SHARD_COUNT }, (_, shard) => changesChannel(prefix, shard));
  const known = new Set(channels);
  subscriber.on('message', (channel, message) => {
    // Most changes interest nobody here: they are not worth parsing.
    if (watchers.size === 0 || !known.has(channel)) return;
    const event = readMessage(jobEventSchema, message);
    if (event === undefined) return;
    for (const notify of watchers.get(event.id) ?? []) notify(event);
  });
  let listens = false;
  let leaving: NodeJS.Timeout | undefined;
  const listen = (): void => {
    clearTimeout(leaving);
    if (listens) return;
    listens = true;
    void subscribePatiently(subscriber, ...channels).then(onMissed);
  };
  const leave = (): void => {
    listens = false;
    // A connection that breaks just now is told again when it is back, or hears more than it needs.
    subscriber.unsubscribe(...channels).catch(() => undefined);
  };
  subscriber.on('ready', onMissed);
  return {
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
