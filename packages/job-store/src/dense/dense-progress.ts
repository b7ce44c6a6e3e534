import { SCHEMA_VERSION } from '@understudy/contracts';
import type { JobProgress, Place } from '@understudy/contracts';
import { denseCost, fullCost } from './dense-cost.ts';
import { densePlanned, fullPlanned } from './dense-planned.ts';
import { filled, membersOf, present, unless } from './members.ts';
import type { DenseBase, Members } from './members.ts';

/** Progress without what is as at the start, or as its job's request says. */
export function denseProgress(progress: JobProgress, base: DenseBase): object {
  const {
    v: _version,
    route,
    round,
    calls,
    round_calls: roundCalls,
    cost,
    visited,
    closed,
    draws,
    place,
    waits,
    skips,
    ...rest
  } = progress;
  return {
    n: unless(route, base.model),
    r: unless(round, 1),
    c: unless(calls, 0),
    i: unless(roundCalls, calls),
    x: cost === undefined ? undefined : denseCost(cost),
    ...densePlace(place, visited, base),
    closed: filled(closed),
    draws: filled(draws),
    waits: filled(waits),
    skips: filled(skips),
    ...rest,
  };
}

/** Of a job that was answered only what is still told of it: nothing is planned for it any more. */
export function denseStory(progress: JobProgress, base: DenseBase): object {
  const {
    v: _version,
    round: _round,
    calls: _calls,
    round_calls: _roundCalls,
    cost: _cost,
    visited: _visited,
    closed: _closed,
    draws: _draws,
    window_exceeded: _window,
    place: _place,
    skips: _skips,
    route,
    waits,
    ...rest
  } = progress;
  return { n: unless(route, base.model), waits: filled(waits), ...rest };
}

/** Reads what `denseProgress` or `denseStory` made; progress of the first form as it is. */
export function fullProgress(kept: Members, base: DenseBase): Members {
  if ('v' in kept) return kept;
  const { n, r, c = 0, i, x, s, y, q, l, place, visited, ...rest } = kept;
  return {
    v: SCHEMA_VERSION,
    route: n ?? base.model,
    round: r ?? 1,
    calls: c,
    round_calls: i ?? c,
    ...(x === undefined ? {} : { cost: fullCost(x) }),
    closed: {},
    draws: {},
    waits: [],
    skips: {},
    ...rest,
    ...(q === undefined
      ? { place: place ?? nowhere(base), visited: visited ?? [] }
      : fullQueuePlace({ s, y, q, l, visited }, base)),
  };
}

/** Times count from the job's creation. The target it stands at is the last one visited. */
function densePlace(place: Place, visited: readonly string[], base: DenseBase): object {
  if (place.kind !== 'queue') return { place, visited: filled(visited) };
  const { since, leave_at: leaveAt, planned } = place;
  const before = visited.slice(0, -1);
  return {
    s: since - base.created_at,
    y: leaveAt === undefined ? undefined : leaveAt - base.created_at,
    q: densePlanned(planned, base),
    ...(visited.at(-1) === planned.target ? { l: filled(before) } : { visited }),
  };
}

function fullQueuePlace({ s, y, q, l, visited }: Members, base: DenseBase): object {
  const planned = membersOf(fullPlanned(q, base));
  const before: unknown[] = Array.isArray(l) ? l : [];
  return {
    visited: visited ?? [...before, planned['target']],
    place: present({
      kind: 'queue',
      since: base.created_at + Number(s),
      leave_at: y === undefined ? undefined : base.created_at + Number(y),
      planned,
    }),
  };
}

/** A job that was answered stands nowhere; that it has a place is a formality. */
function nowhere({ created_at: since }: DenseBase): Place {
  return { kind: 'waiting', since, reason: 'backoff', until: since, rooms: [] };
}
