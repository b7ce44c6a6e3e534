import type { UnreadableRecord } from '@understudy/job-store';
import type { DeadReason, DeliveryOrder, DeliveryTry } from './delivery.ts';

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

/** A delivery that cannot be read here and now. It stays pending, and is due again after its lease. */
export interface UnreadDelivery extends UnreadableRecord {
  id: string;
  token: number;
}

export type TakeResult =
  | { kind: 'taken'; deliveries: TakenDelivery[]; unread: UnreadDelivery[] }
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
  /**
   * Of a failure: the endpoint's version as the try read it. Of an endpoint that was enabled or moved
   * since, the failure says nothing. Absent where the try was not sent by what the endpoint says.
   */
  version?: number;
  /** What counts then instead of `nextAt`. */
  nextAtAnew?: number;
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
   * Makes deliveries that were not tried due `firstMs` from now, each time twice as much and `mostMs` at
   * most, until it is tried or redelivered; but not those that another try holds by now.
   */
  putOff(
    endpoint: string,
    untried: readonly Pick<UnreadDelivery, 'id' | 'token'>[],
    rest: { now: number; firstMs: number; mostMs: number },
  ): Promise<void>;
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
   * `failedProbes`. While it gives a number above 0 there may be more.
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
  /** Settled deliveries that the lists do not know of yet, the first to be settled first. */
  unlisted(endpoint: string, offset: number, limit: number): Promise<string[]>;
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
