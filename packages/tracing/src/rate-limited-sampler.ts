import { SamplingDecision } from '@opentelemetry/sdk-trace';
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace';

/**
 * Keeps at most so many traces that begin here within a second, and so every trace while there are
 * no more: a token bucket, as Jaeger's `ratelimiting` sampler. A span costs its process some 50 µs
 * all in all, a tenth of a job's time where there are a thousand jobs a second.
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
