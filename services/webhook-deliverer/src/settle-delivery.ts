import { traceIdOf } from '@understudy/tracing';
import { breakerRests, cappedRetryAfter, nextTryAt } from '@understudy/webhooks';
import type { Settlement, TakenDelivery } from '@understudy/webhooks';
import type { DelivererContext } from './deliverer-context.ts';
import type { SentTry } from './send-delivery.ts';

type Settling = Pick<DelivererContext, 'parts' | 'clock' | 'settings' | 'random' | 'logger'>;

/**
 * Records what came of a try and decides on the next one. An endpoint that wants nothing any more
 * is disabled first: what is left for it is buried by the turn.
 */
export async function settleDelivery(
  context: Settling,
  taken: TakenDelivery,
  sent: SentTry,
): Promise<boolean> {
  const { parts, clock } = context;
  const { endpoint } = taken.order;
  const disabled = sent.verdict.gone === true && (await disableGone(context, endpoint, sent.url));
  const now = clock.now();
  const settlement = settlementOf(context, taken, sent, now, disabled);
  const settled = await parts.turns.settle(endpoint, taken, now, settlement);
  if (settled) logSettled(context, taken, settlement);
  return settled;
}

/** Not where the endpoint has moved meanwhile: its new address has said nothing. */
async function disableGone(
  { parts, logger }: Settling,
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
  { settings, random }: Settling,
  { tries }: TakenDelivery,
  { verdict, refused, entry, version }: SentTry,
  now: number,
  disabled: boolean,
): Settlement {
  const { retriesMs, retentionMs: keepMs } = settings;
  const { outcome, retryAfterMs } = verdict;
  const settled = { outcome, try: entry, restsMs: breakerRests(retriesMs, random), keepMs };
  if (outcome === 'delivered') return settled;
  if (disabled) return { ...settled, dead: 'endpoint_disabled' };
  const resting =
    retryAfterMs === undefined
      ? {}
      : { restUntil: now + cappedRetryAfter(retryAfterMs, retriesMs) };
  const failed = { ...settled, ...resting, ...(version === undefined ? {} : { version }) };
  const jitter = random();
  const nextAt = nextTryAt(tries + 1, retriesMs, now, jitter, retryAfterMs);
  const nextAtAnew = nextTryAt(tries + 1, retriesMs, now, jitter);
  if (nextAt === undefined || nextAtAnew === undefined) {
    return { ...failed, dead: refused ? 'refused' : 'tries_exhausted' };
  }
  return { ...failed, nextAt, nextAtAnew };
}
