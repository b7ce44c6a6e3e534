import { cooldownSchema, readMessage } from '@understudy/contracts';
import type { Cooldown } from '@understudy/contracts';
import { loadScript, replyList, replyText } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { availabilityChannel, providerKeys } from './provider-keys.ts';

const failureScript = loadScript(new URL('./scripts/report-failure.lua', import.meta.url));
const successScript = loadScript(new URL('./scripts/report-success.lua', import.meta.url));
const clearScript = loadScript(new URL('./scripts/clear-cooldowns.lua', import.meta.url));
const takeProbeScript = loadScript(new URL('./scripts/take-probe.lua', import.meta.url));
const releaseProbeScript = loadScript(new URL('./scripts/release-probe.lua', import.meta.url));

/** The model member of a cool-down that closes the whole provider. */
export const WHOLE_PROVIDER = '*';

/** Failures of so many different jobs, */
const COUNTED_FAILURES = 3;
/** within so long and without a success between, close a target. */
export const COUNTED_WINDOW_MS = 30_000;
/** A model that nobody has called for so long after it cooled is forgotten, */
const KEPT_MS = 86_400_000;
/** when one of so many that are looked at with each new one. */
const LOOKED_AT = 10;
/** A probe that is still running after this frees a second one. */
export const PROBE_LEASE_MS = 15_000;

export interface FailureReport {
  provider: string;
  scope: 'model' | 'provider';
  /** The provider's name for the model. */
  model: string;
  now: number;
  /** Only counts, until three different jobs have failed. */
  counted: boolean;
  jobId: string;
  callStartedAt: number;
  /** Who may hold a probe permit: job id and fencing token. */
  holder: string;
  /** How long the target cools, if this failure makes it. */
  delayMs: number;
  rule: string;
  alert?: boolean;
}

export interface Cooldowns {
  /** One round trip, atomic, published to all processes. Undefined while failures are counted. */
  reportFailure(report: FailureReport): Promise<Cooldown | undefined>;
  /** Resolves true when a cool-down ended by it. */
  reportSuccess(
    provider: string,
    model: string,
    callStartedAt: number,
    now: number,
  ): Promise<boolean>;
  takeProbe(
    provider: string,
    model: string,
    now: number,
    holder: string,
  ): Promise<'open' | 'cooling' | 'busy' | 'probe'>;
  releaseProbe(provider: string, model: string, now: number, holder: string): Promise<void>;
  /**
   * An operator ends the cool-down of one model (`*` for the provider's own), or all of them: who
   * waited is let in without a probe. One round trip, atomic, published to all processes.
   * @returns those that were ended, as they are now
   */
  clear(provider: string, model: string | undefined, now: number): Promise<Cooldown[]>;
  read(provider: string): Promise<Cooldown[]>;
  /** Those of the models of which nothing is remembered, in whatever form. */
  missing(provider: string, models: readonly string[]): Promise<string[]>;
}

export function createCooldowns(redis: Redis, prefix: string): Cooldowns {
  const channel = availabilityChannel(prefix);
  return {
    reportFailure: async (report) => {
      const keys = providerKeys(prefix, report.provider);
      const model = report.scope === 'provider' ? WHOLE_PROVIDER : report.model;
      const reply = replyText(
        await failureScript.run(
          redis,
          [keys.cooldowns, keys.suspects(model)],
          [
            JSON.stringify({
              provider: report.provider,
              scope: report.scope,
              model,
              now: report.now,
              counted: report.counted,
              job: report.jobId,
              callStartedAt: report.callStartedAt,
              holder: report.holder,
              delayMs: report.delayMs,
              rule: report.rule,
              alert: report.alert,
              windowMs: COUNTED_WINDOW_MS,
              threshold: COUNTED_FAILURES,
              keptMs: KEPT_MS,
              lookedAt: LOOKED_AT,
            }),
            channel,
          ],
        ),
      );
      return reply === '' ? undefined : cooldownSchema.parse(JSON.parse(reply));
    },

    reportSuccess: async (provider, model, callStartedAt, now) => {
      const keys = providerKeys(prefix, provider);
      const reply = await successScript.run(
        redis,
        [keys.cooldowns, keys.suspects(model)],
        [provider, model, callStartedAt, channel, now],
      );
      return Number(reply) === 1;
    },

    takeProbe: async (provider, model, now, holder) => {
      const reply = replyText(
        await takeProbeScript.run(
          redis,
          [providerKeys(prefix, provider).cooldowns],
          [model, now, holder, PROBE_LEASE_MS, channel],
        ),
      );
      if (reply === 'open' || reply === 'cooling' || reply === 'busy' || reply === 'probe') {
        return reply;
      }
      throw new Error(`unexpected answer to a probe request: ${reply}`);
    },

    releaseProbe: async (provider, model, now, holder) => {
      await releaseProbeScript.run(
        redis,
        [providerKeys(prefix, provider).cooldowns],
        [model, now, holder, channel],
      );
    },

    clear: async (provider, model = '', now) => {
      const { cooldowns } = providerKeys(prefix, provider);
      const texts = replyList(await clearScript.run(redis, [cooldowns], [model, now, channel]));
      return texts.map((text) => cooldownSchema.parse(JSON.parse(replyText(text))));
    },

    read: async (provider) => {
      const texts = await redis.hvals(providerKeys(prefix, provider).cooldowns);
      return texts.flatMap((text) => readMessage(cooldownSchema, text) ?? []);
    },

    missing: async (provider, models) => {
      if (models.length === 0) return [];
      const texts = await redis.hmget(providerKeys(prefix, provider).cooldowns, ...models);
      return models.filter((_, index) => texts[index] === null);
    },
  };
}
