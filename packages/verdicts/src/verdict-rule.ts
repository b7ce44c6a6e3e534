import type { Verdict } from '@understudy/contracts';

/** Why a call brought no HTTP answer. */
export type CallFault =
  | 'connect'
  | 'connect_timeout'
  | 'reset'
  | 'timeout'
  | 'answer_too_large'
  | 'redirect'
  | 'empty_answer'
  | 'invalid_answer'
  | 'truncated_answer'
  | 'not_sent';

/** How a matching failure closes the target to all jobs for a while. */
export interface CooldownRule {
  scope: 'model' | 'provider';
  /**
   * `now`: this failure alone cools. `counted`: failures of three different jobs within 30 s
   * without a success between do. `if_told`: cools only when the answer states a delay.
   */
  when: 'now' | 'counted' | 'if_told';
  /** First delay where the answer states none; doubles with each repeated failure. Default 2 s. */
  baseMs?: number;
  /** Delay where the answer states none, taken as if it did; in place of `baseMs`. */
  delayMs?: number;
  /** An operator should look: billing, keys, region. */
  alert?: boolean;
}

/**
 * One row of the verdict table. All stated conditions of `when` must hold; a list means any of.
 * Text is compared without case.
 */
export interface VerdictRule {
  /** Stable name, recorded on the attempt: `anthropic.overloaded`, `default.status_404`. */
  id: string;
  when: {
    status?: readonly number[];
    /** Inclusive range of statuses, such as [500, 599]. */
    statusRange?: readonly [number, number];
    fault?: readonly CallFault[];
    /** The provider's error type; `*` at the end matches any rest, at the start any beginning. */
    type?: readonly string[];
    /** The provider's error code, reason or status name; `*` as for type. */
    code?: readonly string[];
    /** Fragments of the message. */
    message?: readonly string[];
    /** True when the answer states a delay (`Retry-After` or a relative). */
    retryAfter?: boolean;
    /** True when the body was translated from another dialect before it was sent. */
    translated?: boolean;
  };
  verdict: Verdict;
  cooldown?: CooldownRule;
  /** Lower-cased name of a header that states the delay, before those that vendors are known to use. */
  delayHeader?: string;
  /** The body does not fit this window: only targets that declare a larger one come next. */
  windowExceeded?: true;
  /** An explicit refusal of the content, which a route's `onRefusal: next` turns into `next`. */
  refusal?: true;
  /** The provider's path is not there, though the provider may be: try its next surface. */
  surfaceMissing?: true;
  /** The provider knows no model by this name, whatever is asked of it: other jobs go elsewhere. */
  modelMissing?: true;
}

/** The parts of a failed call that rules look at. */
export interface FailedCall {
  /** HTTP status; absent when there was no HTTP answer. */
  status?: number;
  /** Set when the answer is unusable or absent. */
  fault?: CallFault;
  /** Lower-cased names. */
  headers: Readonly<Record<string, string>>;
  /** Text of the answer's body, at most the first 64 kB. */
  body: string;
  translated?: boolean;
}

/** What the table says of a failed call. */
export interface Judgement {
  verdict: Verdict;
  rule: VerdictRule;
  /**
   * In the provider's own words, uncut: they may hold the key that was sent, so that whoever keeps
   * them scrubs them first.
   */
  error: { type?: string; code?: string; message?: string };
  /** The delay that the provider asked for, uncapped. */
  retryAfterMs?: number;
}
