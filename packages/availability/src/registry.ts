import { readMessage, registrationSchema } from '@understudy/contracts';
import type { Registration } from '@understudy/contracts';
import { repliesOf, subscribePatiently } from '@understudy/runtime';
import type { Clock, Redis, Subscriber } from '@understudy/runtime';
import { providerKeys, registryChannel } from './provider-keys.ts';

export const BEAT_INTERVAL_MS = 5000;
/** No beat for so long means no live worker. */
const BEAT_LIFETIME_MS = 30_000;
/** A beat that took longer waited for Redis to come back, and tells a time that has passed. */
const LATE_BEAT_MS = 1000;
/**
 * After an outage of Redis the first look may come before the workers' connections are back, and
 * these come within two seconds: old beats mean nothing before.
 */
const DOUBT_MS = BEAT_INTERVAL_MS + 1000;

/** Writes what a worker serves, and keeps saying that it lives. */
export interface RegistryWriter {
  register(registrations: readonly Registration[]): Promise<void>;
  beat(): Promise<void>;
  /** A clean end: others need not wait for the beats to run out. */
  leave(): Promise<void>;
}

/** `worker` names this process: several may serve the same provider. */
export function createRegistryWriter(
  redis: Redis,
  prefix: string,
  worker: string,
  clock: Clock,
): RegistryWriter {
  let served: readonly Registration[] = [];
  const announce = (): Promise<unknown> => redis.publish(registryChannel(prefix), worker);
  const beat = async (): Promise<void> => {
    const asked = clock.monotonic();
    await beatOnce();
    if (clock.monotonic() - asked <= LATE_BEAT_MS) return;
    // Once: the next beat follows anyway.
    await beatOnce();
    await announce();
  };
  const beatOnce = async (): Promise<void> => {
    const pipeline = redis.pipeline();
    const now = clock.now();
    for (const { provider } of served) {
      const key = providerKeys(prefix, provider).beats;
      pipeline.zadd(key, now, worker);
      pipeline.zremrangebyscore(key, '-inf', now - BEAT_LIFETIME_MS);
    }
    await repliesOf(pipeline.exec());
  };
  return {
    register: async (registrations) => {
      served = registrations;
      const pipeline = redis.pipeline();
      for (const registration of registrations) {
        pipeline.set(
          providerKeys(prefix, registration.provider).registration,
          JSON.stringify(registration),
        );
      }
      await repliesOf(pipeline.exec());
      await beat();
      await announce();
    },
    beat,
    leave: async () => {
      const pipeline = redis.pipeline();
      for (const { provider } of served) {
        pipeline.zrem(providerKeys(prefix, provider).beats, worker);
      }
      await repliesOf(pipeline.exec());
      await announce();
    },
  };
}

/** What this process knows of the workers behind the configured providers. */
export interface RegistryView {
  /** What a worker last said of the provider, alive or not; undefined when none ever did. */
  registration(provider: string): Registration | undefined;
  /**
   * True when a worker has beaten within the last 30 s, as of the last reload. A provider that was
   * alive is given some seconds more, unless its last worker left.
   */
  isAlive(provider: string): boolean;
  /**
   * Whether a worker of the provider has beaten within the last 30 s, also of one that this process
   * does not know. Redis is asked.
   */
  beats(provider: string): Promise<boolean>;
  /** One round trip. Resolves true when anything changed. */
  reload(providers: readonly string[]): Promise<boolean>;
  /** Called when a worker came, changed or left: reload. */
  onAnnouncement(listener: () => void): void;
}

export function createRegistryView(
  redis: Redis,
  subscriber: Subscriber,
  prefix: string,
  clock: Clock,
): RegistryView {
  const registrations = new Map<string, { text: string; registration: Registration }>();
  let alive = new Set<string>();
  /** Of providers that were alive, or that nobody had looked at, since when there are old beats alone. */
  const doubtedSince = new Map<string, number>();
  let hasLooked = false;
  const isAliveStill = (provider: string, beats: { fresh: number; all: number }): boolean => {
    if (beats.fresh > 0 || beats.all === 0 || (hasLooked && !alive.has(provider))) {
      doubtedSince.delete(provider);
      return beats.fresh > 0;
    }
    const now = clock.monotonic();
    const since = doubtedSince.get(provider) ?? now;
    doubtedSince.set(provider, since);
    return now - since < DOUBT_MS;
  };
  const listeners: (() => void)[] = [];
  subscriber.on('message', (channel) => {
    if (channel === registryChannel(prefix)) for (const listener of listeners) listener();
  });
  void subscribePatiently(subscriber, registryChannel(prefix));

  return {
    registration: (provider) => registrations.get(provider)?.registration,
    isAlive: (provider) => alive.has(provider),
    beats: async (provider) => {
      const since = clock.now() - BEAT_LIFETIME_MS;
      return (await redis.zcount(providerKeys(prefix, provider).beats, since, '+inf')) > 0;
    },
    onAnnouncement: (listener) => void listeners.push(listener),
    reload: async (providers) => {
      const pipeline = redis.pipeline();
      const since = clock.now() - BEAT_LIFETIME_MS;
      for (const provider of providers) {
        const keys = providerKeys(prefix, provider);
        pipeline.get(keys.registration);
        pipeline.zcount(keys.beats, since, '+inf');
        pipeline.zcard(keys.beats);
      }
      const replies = await repliesOf(pipeline.exec());
      let changed = false;
      const nowAlive = new Set<string>();
      for (const [index, provider] of providers.entries()) {
        const [text, fresh, all] = replies.slice(3 * index);
        if (typeof text === 'string' && registrations.get(provider)?.text !== text) {
          const registration = readMessage(registrationSchema, text);
          // What a newer worker says in words unknown here replaces nothing that was understood.
          if (registration !== undefined) {
            registrations.set(provider, { text, registration });
            changed = true;
          }
        }
        if (isAliveStill(provider, { fresh: Number(fresh), all: Number(all) })) {
          nowAlive.add(provider);
        }
        if (nowAlive.has(provider) !== alive.has(provider)) changed = true;
      }
      alive = nowAlive;
      hasLooked = true;
      return changed;
    },
  };
}
