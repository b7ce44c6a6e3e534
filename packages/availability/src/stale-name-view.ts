import { readMessage, staleNameMessageSchema } from '@understudy/contracts';
import type { StaleName, StaleNameMessage } from '@understudy/contracts';
import { subscribePatiently } from '@understudy/runtime';
import type { Subscriber } from '@understudy/runtime';
import { staleNameChannel } from './provider-keys.ts';
import type { StaleNames } from './stale-names.ts';

/** What this process knows of stale names, kept up to date by messages. */
export interface StaleNameView {
  /** Also where the name's rest is over and no call has succeeded since. */
  entry(provider: string, model: string): StaleName | undefined;
  /** The name's entry while it is to be passed over. */
  resting(provider: string, model: string, now: number): StaleName | undefined;
  entries(provider: string): StaleName[];
  apply(message: StaleNameMessage): void;
  /** Reads everything again; messages may have been missed. */
  reload(providers: readonly string[]): Promise<void>;
}

/**
 * Messages come on a channel of their own: a process of an older version, which knows no stale
 * names, must not stumble over them during a rolling upgrade.
 */
export function createStaleNameView(
  staleNames: StaleNames,
  subscriber: Subscriber,
  prefix: string,
): StaleNameView {
  /** By provider, then by name; a provider's map is replaced, never changed. */
  const known = new Map<string, ReadonlyMap<string, StaleName>>();

  const apply = ({ provider, model, stale }: StaleNameMessage): void => {
    const names = new Map(known.get(provider));
    if (stale === undefined) names.delete(model);
    else names.set(model, stale);
    known.set(provider, names);
  };
  subscriber.on('message', (channel, text) => {
    if (channel !== staleNameChannel(prefix)) return;
    const message = readMessage(staleNameMessageSchema, text);
    if (message !== undefined) apply(message);
  });
  void subscribePatiently(subscriber, staleNameChannel(prefix));

  const entry = (provider: string, model: string) => known.get(provider)?.get(model);
  return {
    entry,
    resting: (provider, model, now) => {
      const stale = entry(provider, model);
      return stale !== undefined && stale.until > now ? stale : undefined;
    },
    entries: (provider) => [...(known.get(provider)?.values() ?? [])],
    apply,
    reload: async (providers) => {
      for (const provider of providers) {
        const before = known.get(provider);
        const stored = await staleNames.read(provider);
        // What a message said meanwhile is newer than what was read.
        if (known.get(provider) !== before) continue;
        known.set(provider, new Map(stored.map((stale) => [stale.model, stale])));
      }
    },
  };
}
