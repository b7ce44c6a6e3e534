import { traceIdOf } from '@understudy/tracing';
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
  const settlement = settlementOf(context, taken, sent, now);
  const settled = await parts.turns.settle(endpoint, taken, now, settlement);
  if (settled) logSettled(context, taken, settlement);
  return settled;
}

/** One line where a delivery comes to an end; a try that is followed by another is none. */
function logSettled(
  { logger }: Pick<DelivererContext, 'logger'>,
  { id, order, tries }: TakenDelivery,
  { outcome, dead, try: last }: Settlement,
): void {
  if (outcome !== 'delivered' && dead === undefined) return;
  const { endpoint, event } = order;
  const { project, job, batch, traceparent } = event;
  logger.info(
    {
      delivery: id,
      endpoint,
      project,
      ...(job === undefined ? {} : { job }),
      ...(batch === undefined ? {} : { batch: batch.id }),
      attempt: tries + 1,
      ...(last.status_code === undefined ? {} : { status: last.status_code }),
      ...(dead === undefined ? {} : { code: dead }),
      ...(traceparent === undefined ? {} : { trace_id: traceIdOf(traceparent) }),
    },
    dead === undefined ? 'event delivered' : 'event is a dead letter',
  );
}

function settlementOf(
  { settings, random }: DelivererContext,
  { tries }: TakenDelivery,
  { verdict, refused, entry }: SentTry,
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
  if (nextAt === undefined) {
    return { ...settled, ...resting, dead: refused ? 'refused' : 'tries_exhausted' };
  }
  return { ...settled, ...resting, nextAt };
}
