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
  const { parts, clock } = context;
  const { endpoint } = taken.order;
  const disabled = sent.verdict.gone === true && (await disableGone(context, endpoint, sent.url));
  const moved = sent.verdict.outcome === 'failed' && (await hasMoved(context, taken, sent.url));
  const now = clock.now();
  const settlement = settlementOf(context, taken, sent, now, { disabled, moved });
  const settled = await parts.turns.settle(endpoint, taken, now, settlement);
  if (settled) logSettled(context, taken, settlement);
  return settled;
}

/** Not where the endpoint has moved meanwhile: its new address has said nothing. */
async function disableGone(
  { parts, logger }: DelivererContext,
  endpoint: string,
  url: string,
): Promise<boolean> {
  const disabled = await parts.endpoints.change(endpoint, (known) =>
    known.url === url
      ? { ...known, status: 'disabled', disabled_reason: known.disabled_reason ?? 'gone' }
      : undefined,
  );
  if (disabled === undefined) return false;
  logger.warn({ endpoint }, 'the endpoint answered 410 and is disabled');
  return true;
}

/** Then what failed says nothing of where the endpoint is now, nor does what was asked for there. */
async function hasMoved(
  { parts }: DelivererContext,
  { order }: TakenDelivery,
  url: string,
): Promise<boolean> {
  // What has a secret of its own goes where its order says.
  if (order.secret !== undefined) return false;
  const known = await parts.endpoints.read(order.endpoint);
  return known !== undefined && known.url !== url;
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
  { disabled, moved }: { disabled: boolean; moved: boolean },
): Settlement {
  const { retriesMs, retentionMs: keepMs } = settings;
  const { outcome } = verdict;
  const settled = { outcome, try: entry, restsMs: breakerRests(retriesMs, random), keepMs };
  if (outcome === 'delivered') return settled;
  if (disabled) return { ...settled, dead: 'endpoint_disabled' };
  const retryAfterMs = moved ? undefined : verdict.retryAfterMs;
  const resting =
    retryAfterMs === undefined
      ? {}
      : { restUntil: now + cappedRetryAfter(retryAfterMs, retriesMs) };
  const failed = { ...settled, ...resting, moved };
  const nextAt = nextTryAt(tries + 1, retriesMs, now, random(), retryAfterMs);
  if (nextAt === undefined) {
    return { ...failed, dead: refused ? 'refused' : 'tries_exhausted' };
  }
  return { ...failed, nextAt };
}
