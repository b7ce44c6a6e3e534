import { setTimeout as sleep } from 'node:timers/promises';
import type { WebhookTurn } from '@understudy/queue';
import { isRedisUnavailable } from '@understudy/runtime';
import { listDeliveries, scheduleSpanMs } from '@understudy/webhooks';
import type { TakenDelivery, UnreadDelivery } from '@understudy/webhooks';
import type { DelivererContext } from './deliverer-context.ts';
import { forgetDelivered } from './forget-delivered.ts';
import { sendDelivery } from './send-delivery.ts';
import { settleDelivery } from './settle-delivery.ts';

/** After this the endpoint queues up behind the others. */
const TURN_MS = 10_000;
/** Beyond the timeout of a try: what settling it may take before it counts as interrupted. */
const LEASE_MARGIN_MS = 5000;
/** While tries are under way the turn looks this often for what became due meanwhile. */
const LOOK_AGAIN_MS = 100;
const LISTED_AT_ONCE = 200;
/** A delivery that cannot be read is looked at again so long after, at most; its key may be back by then. */
const LONGEST_UNREAD_REST_MS = 300_000;

/** What a turn has going, and whether any of it failed so far. */
interface Tries {
  underWay: Map<string, Promise<void>>;
  sawFailure: boolean;
}

/**
 * Serves one endpoint for a while: takes what is due, several at a time, records every outcome,
 * and queues the endpoint's next turn. There is one turn of an endpoint at a time, so an endpoint
 * that hangs holds one slot, and while its breaker is open none.
 */
export async function serveTurn(
  context: DelivererContext,
  { endpoint, turn }: WebhookTurn,
): Promise<void> {
  const { parts, clock } = context;
  const { begun, instead } = await parts.turns.begin(endpoint, turn, clock.now());
  if (!begun) {
    // The one before died between ending its turn and queueing the next.
    if (instead !== undefined) await queueTurn(context, endpoint, instead);
    return;
  }
  const tries: Tries = { underWay: new Map(), sawFailure: false };
  try {
    await sendDue(context, { endpoint, turn }, tries);
  } finally {
    await Promise.all(tries.underWay.values());
  }
  await buryHopeless(context, { endpoint, turn }, tries.sawFailure);
  await listSettled(context, endpoint);
  const next = await parts.turns.end(endpoint, turn, context.settings.retentionMs);
  if (next !== undefined) await queueTurn(context, endpoint, next);
}

/** Until nothing is due and nothing under way, the time is up, or the endpoint gets nothing now. */
async function sendDue(
  context: DelivererContext,
  { endpoint, turn }: WebhookTurn,
  tries: Tries,
): Promise<void> {
  const { underWay } = tries;
  const { parts, clock, settings, draining } = context;
  const endsAt = clock.monotonic() + TURN_MS;
  const leaseMs = settings.timeoutMs + LEASE_MARGIN_MS;
  while (!draining.aborted && clock.monotonic() < endsAt) {
    const taken = await parts.turns.take(endpoint, turn, {
      now: clock.now(),
      limit: settings.concurrency - underWay.size,
      underWay: underWay.size,
      leaseMs,
    });
    if (taken.kind !== 'taken') return;
    for (const delivery of taken.deliveries) {
      const ended = tryOnce(context, delivery, tries).finally(() => underWay.delete(delivery.id));
      // Whether it failed is seen where it is waited for.
      ended.catch(() => undefined);
      underWay.set(delivery.id, ended);
    }
    await putOffUnread(context, endpoint, taken.unread, leaseMs);
    if (underWay.size === 0) {
      if (taken.unread.length === 0) return;
      // Behind those that cannot be read there may be others.
      continue;
    }
    await Promise.race([...underWay.values(), sleep(LOOK_AGAIN_MS)]);
    if (taken.deliveries.length > 0) await listSettled(context, endpoint);
  }
}

/**
 * Meanwhile they are no turn's: many of them would keep the endpoint's turns busy with nothing. Not for long
 * the first time, as it may be this process alone that lacks their key.
 */
async function putOffUnread(
  { parts, clock, tellUnreadable }: DelivererContext,
  endpoint: string,
  unread: readonly UnreadDelivery[],
  firstMs: number,
): Promise<void> {
  for (const { id, unreadable } of unread) {
    tellUnreadable({ id, receiver: endpoint }, { delivery: id, endpoint }, unreadable);
  }
  const rest = { now: clock.now(), firstMs, mostMs: LONGEST_UNREAD_REST_MS };
  await parts.turns.putOff(endpoint, unread, rest);
}

async function tryOnce(
  context: DelivererContext,
  delivery: TakenDelivery,
  tries: Tries,
): Promise<void> {
  const sent = await sendDelivery(context, delivery);
  // Cut off from our side, which is no fault of the receiver's: it is due again after its lease.
  if (context.stopping.aborted && sent.verdict.outcome === 'failed') return;
  const settled = await settleDelivery(context, delivery, sent);
  tries.sawFailure ||= sent.verdict.outcome === 'failed';
  if (settled && sent.verdict.outcome === 'delivered') await forgetDelivered(context, delivery);
  context.logger.debug(
    {
      delivery: delivery.id,
      endpoint: delivery.order.endpoint,
      outcome: sent.verdict.outcome,
      status: sent.entry.status_code,
      durationMs: sent.entry.duration_ms,
      settled,
    },
    'a delivery was tried',
  );
}

/** Buries what is left for an endpoint that is disabled, or has failed for a whole schedule. */
async function buryHopeless(
  { parts, clock, settings, logger }: DelivererContext,
  { endpoint, turn }: WebhookTurn,
  sawFailure: boolean,
): Promise<void> {
  for (;;) {
    const now = clock.now();
    const openedBefore = now - scheduleSpanMs(settings.retriesMs);
    const keepMs = settings.retentionMs;
    const failedProbes = settings.retriesMs.length;
    const options = { now, openedBefore, failedProbes, keepMs, sawFailure };
    const buried = await parts.turns.bury(endpoint, turn, options);
    if (buried === 0) return;
    logger.info({ endpoint, dropped: buried }, 'waiting events are dead letters');
  }
}

/**
 * What was settled goes into the project's lists; what a crash left out, the next turn lists.
 * @returns false where something of it cannot be read now: that is passed over, and tried again with
 *   each turn until it lapses
 */
export async function listSettled(
  { parts, logger, tellUnreadable }: Pick<DelivererContext, 'parts' | 'logger' | 'tellUnreadable'>,
  endpoint: string,
): Promise<boolean> {
  // Those stand before all others. Where another process takes one out meanwhile, so that some other
  // is passed over in its place, that one is listed with a later turn.
  let passedOver = 0;
  try {
    for (;;) {
      const ids = await parts.turns.unlisted(endpoint, passedOver, LISTED_AT_ONCE);
      if (ids.length === 0) return passedOver === 0;
      const unlisted = await listDeliveries(
        parts,
        ids.map((id) => ({ endpoint, id })),
      );
      for (const { id, unreadable } of unlisted) {
        tellUnreadable({ id, receiver: endpoint }, { delivery: id, endpoint }, unreadable);
      }
      const left = new Set(unlisted.map(({ id }) => id));
      await parts.turns.markListed(
        endpoint,
        ids.filter((id) => !left.has(id)),
      );
      passedOver += left.size;
    }
  } catch (error) {
    if (isRedisUnavailable(error)) throw error;
    logger.warn({ err: error, endpoint }, 'settled deliveries could not be listed');
    return false;
  }
}

async function queueTurn(
  { queue, clock }: DelivererContext,
  endpoint: string,
  { turn, at }: { turn: number; at: number },
): Promise<void> {
  await queue.add({ endpoint, turn }, at - clock.now());
}
