import type { ProviderStatistics, Resolution, Statistics } from '@understudy/statistics';
import { instant } from './instant.ts';

/** What was counted from `from` to `to`, with instants as text. */
export function renderStatistics(
  { buckets, providers, flows }: Statistics,
  { resolution, from, to }: { resolution: Resolution; from: number; to: number },
) {
  return {
    object: 'statistics' as const,
    resolution,
    from: instant(from),
    to: instant(to),
    buckets: buckets.map(({ at, costUsd, inputTokens, outputTokens, ...jobs }) => ({
      at: instant(at),
      ...jobs,
      cost_usd: costUsd,
      input_tokens: inputTokens,
      output_tokens: outputTokens,
    })),
    providers: providers.map(renderProviderStatistics),
    flows,
  };
}

function renderProviderStatistics({ latency, buckets, ...counts }: ProviderStatistics) {
  return {
    ...counts,
    ...(latency === undefined ? {} : { latency_ms: { p50: latency.p50Ms, p95: latency.p95Ms } }),
    buckets: buckets.map(({ at, ...calls }) => ({ at: instant(at), ...calls })),
  };
}
