import type { Metrics } from '@understudy/metrics';
import type { DeliveryTurns, Settlement, TakenDelivery } from '@understudy/webhooks';

/** Counts what became of deliveries where it is written down: once, and without a round trip. */
export function measureTurns(turns: DeliveryTurns, metrics: Metrics | undefined): DeliveryTurns {
  if (metrics === undefined) return turns;
  return {
    ...turns,
    settle: async (endpoint, taken, now, settlement) => {
      const settled = await turns.settle(endpoint, taken, now, settlement);
      if (settled) countTry(metrics, taken, settlement, now);
      return settled;
    },
    bury: async (endpoint, turn, options) => {
      const buried = await turns.bury(endpoint, turn, options);
      if (buried > 0) metrics.deadLetters.inc({ reason: 'buried' }, buried);
      return buried;
    },
  };
}

function countTry(
  metrics: Metrics,
  { order }: TakenDelivery,
  { outcome, dead, try: made }: Settlement,
  now: number,
): void {
  const { status_code: code, duration_ms: durationMs } = made;
  const status = code === undefined ? 'none' : `${Math.floor(code / 100)}xx`;
  metrics.deliveryTries.inc({ outcome, status });
  if (durationMs !== undefined) metrics.deliveryDuration.observe({ outcome }, durationMs / 1000);
  if (outcome === 'delivered') {
    metrics.deliveryLag.observe(Math.max(0, now - order.event.at) / 1000);
  }
  if (dead !== undefined) metrics.deadLetters.inc({ reason: dead });
}
