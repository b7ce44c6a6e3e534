import { isUnreadable, readAlone } from '@understudy/job-store';
import { loadScript, replyList, replyText } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import { createDeliverySeal } from './delivery-seal.ts';
import type { DeliverySeal } from './delivery-seal.ts';
import type { DeliveryTurns, TakenDelivery, TurnPlan, UnreadDelivery } from './delivery-turns.ts';
import { activeEndpointsKey, endpointKeys, logKey } from './webhook-keys.ts';

const script = (name: string) => loadScript(new URL(`./scripts/${name}.lua`, import.meta.url));
const wakeScript = script('wake');
const beginScript = script('begin-turn');
const takeScript = script('take-due');
const putOffScript = script('put-off');
const keepPayloadScript = script('keep-payload');
const settleScript = script('settle');
const buryScript = script('bury');
const endScript = script('end-turn');
const forgetScript = script('forget-active');

/** Failures in a row, of whichever deliveries, that open an endpoint's breaker. */
export const BREAKER_OPENS_AFTER = 10;
/** Tries that a delivery's log keeps. */
const KEPT_TRIES = 50;
/** Scripts that go through deliveries take so many at a time, so that none holds Redis for long. */
const BURIED_AT_ONCE = 200;
/** Each settlement forgets so many that were delivered longer ago than they are kept. */
const FORGOTTEN_AT_ONCE = 100;
/** A turn takes deliveries, and so gives a sign of life, many times in this span. */
const TURN_LOST_AFTER_MS = 60_000;

export function createDeliveryTurns(redis: Redis, prefix: string, sealer: Sealer): DeliveryTurns {
  const keysOf = (endpoint: string) => endpointKeys(prefix, endpoint);
  const sealOf = (endpoint: string, id: string): DeliverySeal =>
    createDeliverySeal(sealer, `${keysOf(endpoint).deliveries}${id}`);
  const activeKey = activeEndpointsKey(prefix);
  return {
    wake: async (endpoint, now) => {
      const { state, due, endpoint: record } = keysOf(endpoint);
      return planOf(await wakeScript.run(redis, [state, due, record], [now, TURN_LOST_AFTER_MS]));
    },
    begin: async (endpoint, turn, now) => {
      const reply = replyList(await beginScript.run(redis, [keysOf(endpoint).state], [turn, now]));
      if (Number(reply[0]) === 1) return { begun: true };
      const instead = planOf(reply.slice(1));
      return { begun: false, ...(instead === undefined ? {} : { instead }) };
    },
    take: async (endpoint, turn, { now, limit, underWay, leaseMs }) => {
      const { state, due, endpoint: record, deliveries } = keysOf(endpoint);
      const args = [turn, now, limit, underWay, leaseMs, BREAKER_OPENS_AFTER, deliveries];
      const [kind, ...rows] = replyList(await takeScript.run(redis, [state, due, record], args));
      const text = replyText(kind);
      if (text === 'stale' || text === 'disabled' || text === 'resting') return { kind: text };
      const found = rows.map((row) => parseTaken(row, (id) => sealOf(endpoint, id)));
      return {
        kind: 'taken',
        deliveries: found.flatMap((one) => (isUnreadable(one) ? [] : [one])),
        unread: found.filter((one) => isUnreadable(one)),
      };
    },
    putOff: async (endpoint, untried, { now, firstMs, mostMs }) => {
      if (untried.length === 0) return;
      const { due, deliveries } = keysOf(endpoint);
      const keys = [due, ...untried.map(({ id }) => `${deliveries}${id}`)];
      const named = untried.flatMap(({ id, token }) => [id, token]);
      await putOffScript.run(redis, keys, [now, firstMs, mostMs, ...named]);
    },
    keepPayload: async (endpoint, id, payload) => {
      const key = `${keysOf(endpoint).deliveries}${id}`;
      const seal = createDeliverySeal(sealer, key);
      const kept = await keepPayloadScript.run(redis, [key], [seal.payloadText(payload)]);
      return kept === null ? undefined : seal.payload(replyText(kept));
    },
    settle: async (endpoint, { id, token }, now, settled) => {
      const keys = keysOf(endpoint);
      const delivery = `${keys.deliveries}${id}`;
      const { try: attempt, ...change } = settled;
      const { due, open, dead, settled: unlisted, state, delivered, endpoint: record } = keys;
      const reply = await settleScript.run(
        redis,
        [delivery, logKey(delivery), due, open, dead, unlisted, state, delivered, record],
        [
          JSON.stringify({
            ...change,
            id,
            token,
            now,
            opensAfter: BREAKER_OPENS_AFTER,
            keptTries: KEPT_TRIES,
            forgottenAtOnce: FORGOTTEN_AT_ONCE,
          }),
          createDeliverySeal(sealer, delivery).tryText(attempt),
          attempt.status_code ?? '',
        ],
      );
      return Number(reply) === 1;
    },
    bury: async (endpoint, turn, options) => {
      const { now, openedBefore, failedProbes, keepMs, sawFailure } = options;
      const { state, due, open, dead, settled, endpoint: record, deliveries } = keysOf(endpoint);
      const keys = [state, due, open, dead, settled, record];
      const limits = [openedBefore, BURIED_AT_ONCE, BREAKER_OPENS_AFTER, keepMs];
      const args = [turn, now, ...limits, deliveries, sawFailure ? 1 : 0, failedProbes];
      return Number(await buryScript.run(redis, keys, args));
    },
    unlisted: (endpoint, offset, limit) =>
      redis.zrange(keysOf(endpoint).settled, String(offset), String(offset + limit - 1)),
    markListed: async (endpoint, ids) => {
      if (ids.length > 0) await redis.zrem(keysOf(endpoint).settled, ...ids);
    },
    end: async (endpoint, turn, keepMs) => {
      const { state, due } = keysOf(endpoint);
      return planOf(await endScript.run(redis, [state, due], [turn, keepMs]));
    },
    markActive: async (endpoints, lookAgainAt) => {
      if (endpoints.length === 0) return;
      await redis.zadd(activeKey, ...endpoints.flatMap((endpoint) => [lookAgainAt, endpoint]));
    },
    activeBefore: async (now, limit) => {
      const rows = await redis.zrange(
        activeKey,
        '-inf',
        String(now),
        'BYSCORE',
        'LIMIT',
        0,
        limit,
        'WITHSCORES',
      );
      return Array.from({ length: rows.length / 2 }, (_, index) => ({
        endpoint: rows[2 * index] ?? '',
        score: rows[2 * index + 1] ?? '',
      }));
    },
    forgetActive: async (endpoint, score) =>
      Number(await forgetScript.run(redis, [activeKey], [endpoint, score])) === 1,
  };
}

function planOf(reply: unknown): TurnPlan | undefined {
  const [turn, at] = replyList(reply).map(Number);
  return turn === undefined || at === undefined || turn === 0 ? undefined : { turn, at };
}

/** One that does not open keeps nobody from those that were taken with it. */
function parseTaken(
  row: unknown,
  sealOf: (id: string) => DeliverySeal,
): TakenDelivery | UnreadDelivery {
  const [name, held, order, payload, tries] = replyList(row);
  const id = replyText(name);
  const token = Number(held);
  const kept = replyText(payload);
  const seal = sealOf(id);
  const taken = readAlone((): TakenDelivery => ({
    id,
    token,
    order: seal.order(replyText(order)),
    ...(kept === '' ? {} : { payload: seal.payload(kept) }),
    tries: Number(tries),
  }));
  return isUnreadable(taken) ? { id, token, ...taken } : taken;
}
