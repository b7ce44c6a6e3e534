import { pauseSchema, readMessage } from '@understudy/contracts';
import type { Pause } from '@understudy/contracts';
import { loadScript, repliesOf, replyList, replyText } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { pauseChannel, providerKeys } from './provider-keys.ts';

const setScript = loadScript(new URL('./scripts/set-pause.lua', import.meta.url));

/** Whether a request to pause or resume changed anything, and what holds now. */
export interface PauseChange {
  changed: boolean;
  pause: Pause;
}

/**
 * Providers that an operator has taken out of service, kept until somebody resumes them. Each change
 * is one round trip, atomic, and published to all processes.
 */
export interface Pauses {
  /** Of one that is paused already only the reason changes, where one is given. */
  pause(provider: string, now: number, reason?: string): Promise<PauseChange>;
  resume(provider: string, now: number): Promise<PauseChange>;
  /** Of those that were ever paused; one round trip. */
  read(providers: readonly string[]): Promise<Pause[]>;
  /** Those of the providers of which no pause is remembered, in whatever form; one round trip. */
  missing(providers: readonly string[]): Promise<string[]>;
}

export function createPauses(redis: Redis, prefix: string): Pauses {
  const set = async (
    provider: string,
    paused: boolean,
    now: number,
    reason = '',
  ): Promise<PauseChange> => {
    const [changed, text] = replyList(
      await setScript.run(
        redis,
        [providerKeys(prefix, provider).pause],
        [provider, paused ? 1 : 0, now, reason, pauseChannel(prefix)],
      ),
    );
    return {
      changed: Number(changed) === 1,
      pause: pauseSchema.parse(JSON.parse(replyText(text))),
    };
  };
  return {
    pause: (provider, now, reason) => set(provider, true, now, reason),
    resume: (provider, now) => set(provider, false, now),
    read: async (providers) => {
      const pipeline = redis.pipeline();
      for (const provider of providers) pipeline.get(providerKeys(prefix, provider).pause);
      const replies = await repliesOf(pipeline.exec());
      return replies.flatMap((text) =>
        typeof text === 'string' ? (readMessage(pauseSchema, text) ?? []) : [],
      );
    },
    missing: async (providers) => {
      if (providers.length === 0) return [];
      const pipeline = redis.pipeline();
      for (const provider of providers) pipeline.exists(providerKeys(prefix, provider).pause);
      const replies = await repliesOf(pipeline.exec());
      return providers.filter((_, index) => replies[index] === 0);
    },
  };
}
