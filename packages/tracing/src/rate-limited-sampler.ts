import { SamplingDecision } from '@opentelemetry/sdk-trace';
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace';

/**
 * Keeps at most so many traces that begin here within a second, and so every trace while there are
 * no more: a token bucket, as Jaeger's `ratelimiting` sampler. Keeping every trace cost a busy
 * machine a tenth of its throughput (`bench/observed.ts --every-trace`).
 * @param monotonic milliseconds
 */
export class RateLimitedSampler implements Sampler {
  readonly #perSecond: number;
  readonly #monotonic: () => number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, monotonic: () => number) {
    this.#perSecond = perSecond;
    this.#monotonic = monotonic;
    this.#tokens = perSecond;
    this.#at = monotonic();
  }

  shouldSample(): SamplingResult {
    const now = this.#monotonic();
    const earned = ((now - this.#at) / 1000) * this.#perSecond;
    this.#at = now;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + earned);
    if (this.#tokens < 1) return { decision: SamplingDecision.NOT_RECORD };
    this.#tokens -= 1;
    return { decision: SamplingDecision.RECORD_AND_SAMPLED };
  }

  toString(): string {
    return `RateLimitedSampler{${this.#perSecond}}`;
  }
}
