import type { Attempt, AttemptOutcome, JobEnd, Verdict } from '@understudy/contracts';
import { denseCost, denseUsage, fullCost, fullUsage } from './dense-cost.ts';
import { denseError, fullError } from './dense-error.ts';
import { denseTarget, fullTarget } from './dense-planned.ts';
import { present, unless } from './members.ts';
import type { DenseBase, Members } from './members.ts';

const OUTCOME_CODES = {
  succeeded: 's',
  failed: 'f',
  skipped: 'k',
  interrupted: 'i',
  cancelled: 'c',
} as const satisfies Record<AttemptOutcome, string>;
const VERDICT_CODES = {
  next: 'n',
  next_for_good: 'g',
  terminal: 't',
} as const satisfies Record<Verdict, string>;
const OUTCOMES = byCode(OUTCOME_CODES);
const VERDICTS = byCode(VERDICT_CODES);

/** Served was the very model that had been sent. */
const AS_SENT = 1;
/** Usage or cost of the attempt is that of the whole job. */
const AS_END = 1;

/** What an attempt and its job's end may have in common. */
type Spent = Pick<JobEnd, 'usage' | 'cost'>;

/**
 * An attempt without what its place, its job's request or the job's end tells; rare members keep
 * their names.
 * @param end that is written together with the attempt
 */
export function denseAttempt(attempt: Attempt, base: DenseBase, end: Spent = {}): object {
  const {
    number: _place,
    round,
    target,
    provider,
    kind,
    dialect,
    model_requested: requested,
    model_drawn,
    model_sent,
    model_served: served,
    outcome,
    status_code: statusCode,
    verdict,
    rule,
    error,
    request_id: requestId,
    provider_response_id: responseId,
    queued_ms: queuedMs,
    duration_ms: durationMs,
    started_at: startedAt,
    usage,
    cost,
    token,
    ...rest
  } = attempt;
  return {
    ...denseTarget({ target, provider, kind, model_drawn, model_sent, dialect }, base),
    r: unless(round, 1),
    m: unless(requested, base.model),
    v: served !== undefined && served === model_sent ? AS_SENT : served,
    o: OUTCOME_CODES[outcome],
    c: statusCode,
    j: verdict === undefined ? undefined : VERDICT_CODES[verdict],
    u: rule,
    e: error === undefined ? undefined : denseError(error),
    i: requestId,
    y: responseId,
    q: queuedMs,
    l: durationMs,
    a: startedAt - base.created_at,
    g: usage && (isSame(usage, end.usage) ? AS_END : denseUsage(usage)),
    x: cost && (isSame(cost, end.cost) ? AS_END : denseCost(cost)),
    n: token,
    ...rest,
  };
}

/** Reads what `denseAttempt` or `begin.lua` made; an attempt of the first form as it is. */
export function fullAttempt(
  kept: Members,
  number: number,
  base: DenseBase,
  end: Spent = {},
): Members {
  if ('outcome' in kept) return kept;
  const { p, t, k, w, s, d, r, m, v, o, c, j, u, e, i, y, q, l, a, g, x, n, ...rest } = kept;
  const called = fullTarget({ p, t, k, w, s, d }, base);
  return present({
    ...called,
    number,
    round: r ?? 1,
    model_requested: m ?? base.model,
    model_served: v === AS_SENT ? called['model_sent'] : v,
    outcome: OUTCOMES.get(o),
    status_code: c,
    verdict: VERDICTS.get(j),
    rule: u,
    error: fullError(e),
    request_id: i,
    provider_response_id: y,
    queued_ms: q,
    duration_ms: l,
    started_at: base.created_at + Number(a),
    usage: g === AS_END ? end.usage : fullUsage(g),
    cost: x === AS_END ? end.cost : fullCost(x),
    token: n,
    ...rest,
  });
}

function isSame(own: object, ofEnd: object | undefined): boolean {
  return own === ofEnd || (ofEnd !== undefined && JSON.stringify(own) === JSON.stringify(ofEnd));
}

function byCode(codes: Readonly<Record<string, string>>): ReadonlyMap<unknown, string> {
  return new Map(Object.entries(codes).map(([word, code]) => [code, word]));
}
