import { breakerRests, cappedRetryAfter, nextTryAt } from '@understudy/webhooks';
import type { Settlement, TakenDelivery } from '@understudy/webhooks';
import type { DelivererContext } from './deliverer-context.ts';
import type { SentTry } from './send-delivery.ts';

/**
 * Records what came of a try and decides on the next one. An endpoint that wants nothing any more
 * is disabled first: what is left for it is buried by the turn.
 */
export async function settleDelivery(
  context: DelivererContext,
  taken: TakenDelivery,
  sent: SentTry,
): Promise<boolean> {
  const { parts, clock, logger } = context;
  const { endpoint } = taken.order;
  if (sent.verdict.gone) {
    await parts.endpoints.change(endpoint, (known) => ({
      ...known,
      status: 'disabled',
      disabled_reason: known.disabled_reason ?? 'gone',
    }));
    logger.warn({ endpoint }, 'the endpoint answered 410 and is disabled');
  }
  const now = clock.now();
  return parts.turns.settle(endpoint, taken, now, settlementOf(context, taken, sent, now));
}

function settlementOf(
  { settings, random }: DelivererContext,
  { tries }: TakenDelivery,
  { verdict, entry }: SentTry,
  now: number,
): Settlement {
  const { retriesMs, retentionMs: keepMs } = settings;
  const { outcome, gone, retryAfterMs } = verdict;
  const settled = { outcome, try: entry, restsMs: breakerRests(retriesMs, random), keepMs };
  if (outcome === 'delivered') return settled;
  if (gone) return { ...settled, dead: 'endpoint_disabled' };
  const resting =
    retryAfterMs === undefined
      ? {}
      : { restUntil: now + cappedRetryAfter(retryAfterMs, retriesMs) };
  const nextAt = nextTryAt(tries + 1, retriesMs, now, random(), retryAfterMs);
  if (nextAt === undefined) return { ...settled, ...resting, dead: 'tries_exhausted' };
  return { ...settled, ...resting, nextAt };
}
