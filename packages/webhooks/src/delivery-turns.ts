import { loadScript, replyList, replyText } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import { createDeliverySeal } from './delivery-seal.ts';
import type { DeliverySeal } from './delivery-seal.ts';
import type { DeadReason, DeliveryOrder, DeliveryTry } from './delivery.ts';
import { activeEndpointsKey, endpointKeys, logKey } from './webhook-keys.ts';

const script = (name: string) => loadScript(new URL(`./scripts/${name}.lua`, import.meta.url));
const wakeScript = script('wake');
const beginScript = script('begin-turn');
const takeScript = script('take-due');
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
/** A turn takes deliveries, and so gives a sign of life, many times in this span. */
const TURN_LOST_AFTER_MS = 60_000;

/** When a turn is to be served; its number makes every earlier one stale. */
export interface TurnPlan {
  turn: number;
  at: number;
}

/** A delivery that a turn holds until the lease ends. */
export interface TakenDelivery {
  id: string;
  token: number;
  order: DeliveryOrder;
  /** What was sent before; absent before the first try. */
  payload?: string;
  /** Tries settled since the delivery was made or redelivered. */
  tries: number;
}

export type TakeResult =
  | { kind: 'taken'; deliveries: TakenDelivery[] }
  /** Another turn has taken over; the endpoint gets nothing; its breaker or its wish holds it. */
  | { kind: 'stale' | 'disabled' | 'resting' };

/** What came of a try. */
export interface Settlement {
  outcome: 'delivered' | 'failed';
  try: Omit<DeliveryTry, 'number'>;
  /** Of a failure: when the next try is due, or why there is none. */
  nextAt?: number;
  dead?: DeadReason;
  /** The receiver asked to be left alone until then. */
  restUntil?: number;
  /** How long an opening breaker rests, the first time and after each failed probe. */
  restsMs: readonly number[];
  keepMs: number;
}

/** The state machine of one endpoint after another. Each method is one script, and atomic. */
export interface DeliveryTurns {
  /** Which turn must be queued so that what is due gets served; undefined when none. */
  wake(endpoint: string, now: number): Promise<TurnPlan | undefined>;
  /** Takes up a turn; a stale one names the turn that is to be queued in its stead, if any. */
  begin(
    endpoint: string,
    turn: number,
    now: number,
  ): Promise<{ begun: boolean; instead?: TurnPlan }>;
  /** Takes what is due, `limit` at most; of a half-open endpoint one while none is under way. */
  take(
    endpoint: string,
    turn: number,
    options: { now: number; limit: number; underWay: number; leaseMs: number },
  ): Promise<TakeResult>;
  /**
   * Keeps the payload of the first try; whoever was first wins. Gives what is kept; undefined where
   * nothing may be, since the payload was forgotten with its job, or the delivery is gone.
   */
  keepPayload(endpoint: string, id: string, payload: string): Promise<string | undefined>;
  /** False when nothing changed: the delivery is settled, or another try holds it. */
  settle(
    endpoint: string,
    taken: TakenDelivery,
    now: number,
    settled: Settlement,
  ): Promise<boolean>;
  /**
   * Buries what can come to nothing: of an endpoint that is disabled, or, where this turn
   * `sawFailure`, of one that has been failing since before `openedBefore` and through so many
   * `failedProbes`. While it gives a number
   * above 0 there may be more.
   */
  bury(
    endpoint: string,
    turn: number,
    options: {
      now: number;
      openedBefore: number;
      failedProbes: number;
      keepMs: number;
      sawFailure: boolean;
    },
  ): Promise<number>;
  /** Settled deliveries that the lists do not know of yet. */
  unlisted(endpoint: string, limit: number): Promise<string[]>;
  markListed(endpoint: string, ids: readonly string[]): Promise<void>;
  /**
   * Ends a turn; gives the one to queue next, undefined when nothing is pending. The state of an
   * endpoint that stays idle is forgotten after `keepMs`.
   */
  end(endpoint: string, turn: number, keepMs: number): Promise<TurnPlan | undefined>;

  /** Endpoints are looked at again from this instant on, in case their turn was lost. */
  markActive(endpoints: readonly string[], lookAgainAt: number): Promise<void>;
  activeBefore(now: number, limit: number): Promise<{ endpoint: string; score: string }[]>;
  /** False when somebody named it active meanwhile. */
  forgetActive(endpoint: string, score: string): Promise<boolean>;
}

export function createDeliveryTurns(redis: Redis, prefix: string, sealer: Sealer): DeliveryTurns {
  const keysOf = (endpoint: string) => endpointKeys(prefix, endpoint);
  const sealOf = (endpoint: string, id: string): DeliverySeal =>
    createDeliverySeal(sealer, `${keysOf(endpoint).deliveries}${id}`);
  const activeKey = activeEndpointsKey(prefix);
  return {
    wake: async (endpoint, now) => {
      const { state, due } = keysOf(endpoint);
      return planOf(await wakeScript.run(redis, [state, due], [now, TURN_LOST_AFTER_MS]));
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
      return {
        kind: 'taken',
        deliveries: rows.map((row) => parseTaken(row, (id) => sealOf(endpoint, id))),
      };
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
      const reply = await settleScript.run(
        redis,
        [delivery, logKey(delivery), keys.due, keys.open, keys.dead, keys.settled, keys.state],
        [
          JSON.stringify({
            ...change,
            id,
            token,
            now,
            opensAfter: BREAKER_OPENS_AFTER,
            keptTries: KEPT_TRIES,
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
    unlisted: (endpoint, limit) => redis.zrange(keysOf(endpoint).settled, '0', String(limit - 1)),
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

function parseTaken(row: unknown, sealOf: (id: string) => DeliverySeal): TakenDelivery {
  const [id, token, order, payload, tries] = replyList(row);
  const kept = replyText(payload);
  const seal = sealOf(replyText(id));
  return {
    id: replyText(id),
    token: Number(token),
    order: seal.order(replyText(order)),
    ...(kept === '' ? {} : { payload: seal.payload(kept) }),
    tries: Number(tries),
  };
}
