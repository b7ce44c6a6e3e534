import { jobEventSchema, readMessage } from '@understudy/contracts';
import type { JobEvent } from '@understudy/contracts';
import { subscribePatiently } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { SHARD_COUNT, changesChannel } from './job-keys.ts';

export interface JobChanges {
  /** Calls back for every change of the job from now on, until the returned function is called. */
  watch(id: string, onChange: (event: JobEvent) => void): () => void;
}

/**
 * Hears of every change of every job over one subscriber connection, and tells those who watch.
 * Messages missed while Redis was away are lost: whoever waits reads again on reconnect.
 */
export function subscribeToChanges(
  subscriber: Redis,
  prefix: string,
  onReconnect: () => void,
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
  subscriber.on('ready', onReconnect);
  void subscribePatiently(subscriber, ...channels);
  return {
    watch: (id, onChange) => {
      const watching = watchers.get(id) ?? new Set();
      watchers.set(id, watching.add(onChange));
      return () => {
        watching.delete(onChange);
        if (watching.size === 0) watchers.delete(id);
      };
    },
  };
}
