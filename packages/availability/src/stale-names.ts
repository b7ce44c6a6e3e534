import { readMessage, staleNameSchema } from '@understudy/contracts';
import type { StaleName } from '@understudy/contracts';
import { loadScript, replyText } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { providerKeys, staleNameChannel } from './provider-keys.ts';

const missingScript = loadScript(new URL('./scripts/report-missing-name.lua', import.meta.url));
const forgetScript = loadScript(new URL('./scripts/forget-stale-name.lua', import.meta.url));

/** How long a name is passed over at first; twice as long each time it is tried in vain, */
const FIRST_REST_MS = 60_000;
/** up to this. */
const LONGEST_REST_MS = 3_600_000;
/** A name that nobody has asked for in so long after its rest is forgotten. */
const KEPT_MS = 86_400_000;
/** So many names are remembered of one provider: more than any has models. */
export const MOST_STALE_NAMES = 500;

export interface MissingNameReport {
  provider: string;
  /** The name as sent. */
  model: string;
  now: number;
  callStartedAt: number;
  /** The verdict rule that says so. */
  rule: string;
}

/** The names that providers did not know when they were called by them, shared by all processes. */
export interface StaleNames {
  /**
   * One round trip, atomic, published to all processes. Only a call that began after the name's
   * rest was over doubles it; one from within begins it anew.
   * @returns the entry as it is now
   */
  reportMissing(report: MissingNameReport): Promise<StaleName>;
  /** A call by this name succeeded. Resolves true when the name was stale. */
  forget(provider: string, model: string): Promise<boolean>;
  read(provider: string): Promise<StaleName[]>;
}

export function createStaleNames(redis: Redis, prefix: string): StaleNames {
  const channel = staleNameChannel(prefix);
  const keyOf = (provider: string): string => providerKeys(prefix, provider).staleNames;
  return {
    reportMissing: async ({ model, ...report }) => {
      const rest = { firstMs: FIRST_REST_MS, longestMs: LONGEST_REST_MS };
      const bounds = { keptMs: KEPT_MS, most: MOST_STALE_NAMES };
      const reply = await missingScript.run(
        redis,
        [keyOf(report.provider)],
        [JSON.stringify({ ...report, ...rest, ...bounds }), model, channel],
      );
      return staleNameSchema.parse(JSON.parse(replyText(reply)));
    },

    forget: async (provider, model) => {
      const reply = await forgetScript.run(redis, [keyOf(provider)], [provider, model, channel]);
      return Number(reply) === 1;
    },

    read: async (provider) => {
      const texts = await redis.hvals(keyOf(provider));
      return texts.flatMap((text) => readMessage(staleNameSchema, text) ?? []);
    },
  };
}
