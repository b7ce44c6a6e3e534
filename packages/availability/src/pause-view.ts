import { pauseSchema, readMessage } from '@understudy/contracts';
import type { Pause } from '@understudy/contracts';
import { subscribePatiently } from '@understudy/runtime';
import type { Subscriber } from '@understudy/runtime';
import type { Pauses } from './pauses.ts';
import { pauseChannel } from './provider-keys.ts';

/** What this process knows of pauses, kept up to date by messages. */
export interface PauseView {
  /** The provider's pause, ended or not; undefined where it was never paused. */
  entry(provider: string): Pause | undefined;
  entries(): Pause[];
  apply(pause: Pause): void;
  /** Called after each change. */
  onChange(listener: (pause: Pause) => void): void;
  /**
   * Reads everything again; messages may have been missed. What Redis has forgotten goes, and what it
   * has holds, also where that is older than what was heard: then it has lost its last writes.
   */
  reload(providers: readonly string[]): Promise<void>;
}

/**
 * Messages come on a channel of their own: a process of an older version must not stumble over them
 * during a rolling upgrade.
 */
export function createPauseView(pauses: Pauses, subscriber: Subscriber, prefix: string): PauseView {
  const known = new Map<string, Pause>();
  const listeners: ((pause: Pause) => void)[] = [];
  const tell = (pause: Pause): void => {
    for (const listener of listeners) listener(pause);
  };
  const hold = (pause: Pause): void => {
    known.set(pause.provider, pause);
    tell(pause);
  };
  const apply = (pause: Pause): void => {
    const before = known.get(pause.provider);
    if (before !== undefined && before.revision >= pause.revision) return;
    hold(pause);
  };
  subscriber.on('message', (channel, text) => {
    if (channel !== pauseChannel(prefix)) return;
    const pause = readMessage(pauseSchema, text);
    if (pause !== undefined) apply(pause);
  });
  void subscribePatiently(subscriber, pauseChannel(prefix));
  return {
    entry: (provider) => known.get(provider),
    entries: () => [...known.values()],
    apply,
    onChange: (listener) => void listeners.push(listener),
    reload: async (providers) => {
      const before = new Map(known);
      // What a message has told since Redis was asked may be newer than the reply.
      const isHeard = (provider: string): boolean => known.get(provider) !== before.get(provider);
      const stored = await pauses.read(providers);
      for (const pause of stored) {
        const { provider, revision } = pause;
        if (isHeard(provider)) apply(pause);
        else if (known.get(provider)?.revision !== revision) hold(pause);
      }
      const read = new Set(stored.map(({ provider }) => provider));
      const unread = providers.filter((provider) => before.has(provider) && !read.has(provider));
      for (const provider of await pauses.missing(unread)) {
        const forgotten = before.get(provider);
        if (forgotten === undefined || isHeard(provider)) continue;
        known.delete(provider);
        tell({ ...forgotten, paused: false });
      }
    },
  };
}
