import type { Attempt, JobProgress, JobRequest, Place, Wait } from '@understudy/contracts';
import { resolveRoute } from './resolve-route.ts';
import type { Route } from './resolve-route.ts';
import type { RoutingViews } from './routing-views.ts';
import { STALE_NAME, hasFirmTarget } from './stale-name.ts';
import { drawTargets, judgeTarget } from './target-candidate.ts';
import type { TargetCandidate } from './target-candidate.ts';

/** A target that was passed over without a call, and the rule that says why. */
export interface Skip {
  candidate: TargetCandidate;
  rule: string;
  /** What the rule found, where its name does not say it. */
  detail?: Pick<Attempt, 'warnings' | 'error'>;
}

/** Where a job goes next. `progress` already says so; the caller writes it. */
export type Plan =
  | { kind: 'queue'; progress: JobProgress; skips: Skip[] }
  | { kind: 'wait'; progress: JobProgress; skips: Skip[] }
  | {
      kind: 'fail';
      code: 'route_gone' | 'no_target_left' | 'max_calls';
      message: string;
      progress: JobProgress;
      skips: Skip[];
    };

const KEPT_WAITS = 20;
const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 300_000;

/**
 * The next step of a job that no worker holds: the first target of its route, as configured now,
 * that is open to it; else a wait; else its failure. Pure: `random` (0 to 1) is for jitter.
 */
export function planNext(
  request: JobRequest,
  before: JobProgress,
  views: RoutingViews,
  now: number,
  random: number,
): Plan {
  const route = resolveRoute(request.model, views, new Date(now).toISOString().slice(0, 10));
  if (route === undefined) {
    return {
      kind: 'fail',
      code: 'route_gone',
      message: `no route leads to the model "${request.model}" any more`,
      progress: before,
      skips: [],
    };
  }
  const { targets, draws } = drawTargets(route, request, before.draws);
  const progress: JobProgress = { ...before, route: route.name, draws };
  const candidates = targets.map((target) =>
    judgeTarget(target, route, request, progress, views, now),
  );
  return choose(candidates, route, progress, now, random);
}

function choose(
  candidates: readonly TargetCandidate[],
  route: Route,
  progress: JobProgress,
  now: number,
  random: number,
): Plan {
  const closed = { ...progress.closed };
  const skips: Skip[] = [];
  const dead: TargetCandidate[] = [];
  const standing: TargetCandidate[] = [];
  const exhausted = progress.calls >= route.maxCalls;
  const hasFirm = hasFirmTarget(candidates, closed);

  for (const candidate of candidates) {
    const { target } = candidate.planned;
    if (Object.hasOwn(closed, target)) continue;
    if (candidate.barred !== undefined) {
      closed[target] = candidate.barred;
      skips.push({ candidate, rule: candidate.barred });
      continue;
    }
    const passedBy = progress.visited.includes(target) || exhausted;
    if (candidate.stale !== undefined && hasFirm) {
      // It does not stand: a job that has others waits for those alone.
      if (!passedBy) skips.push({ candidate, rule: STALE_NAME });
      continue;
    }
    standing.push(candidate);
    if (passedBy) continue;
    if (isClosedNow(candidate)) {
      skips.push({ candidate, rule: 'cooling_down' });
    } else if (candidate.alive) {
      return enqueue(candidate, { ...progress, closed }, skips, now);
    } else {
      dead.push(candidate);
      skips.push({ candidate, rule: 'no_worker' });
    }
  }

  const settled = { ...progress, closed };
  if (exhausted) {
    const message = `${progress.calls} calls were made, the most that one job may cost`;
    return { kind: 'fail', code: 'max_calls', message, progress: settled, skips };
  }
  if (standing.length === 0) {
    const message = 'no target of the route can answer this job';
    return { kind: 'fail', code: 'no_target_left', message, progress: settled, skips };
  }
  const firstDead = dead[0];
  if (firstDead !== undefined && standing.length === dead.length) {
    // Nobody else is left to hope for: the job waits in the queue for a worker to come.
    const others = skips.filter(({ candidate }) => candidate !== firstDead);
    return enqueue(firstDead, settled, others, now);
  }
  return { kind: 'wait', progress: waitFor(standing, settled, now, random), skips };
}

function isClosedNow({ availability }: TargetCandidate): boolean {
  return (
    availability.kind === 'cooling' || (availability.kind === 'half_open' && availability.probing)
  );
}

function enqueue(
  candidate: TargetCandidate,
  progress: JobProgress,
  skips: Skip[],
  now: number,
): Plan {
  const { planned, maxQueueWaitMs } = candidate;
  const place: Place = {
    kind: 'queue',
    since: now,
    ...(maxQueueWaitMs === undefined ? {} : { leave_at: now + maxQueueWaitMs }),
    planned,
  };
  return {
    kind: 'queue',
    skips,
    progress: {
      ...progress,
      visited: [...progress.visited, planned.target],
      place,
      waits: endLastWait(progress.waits, now),
    },
  };
}

/** The round is over: the next one starts when a target opens, or after a pause. */
function waitFor(
  standing: readonly TargetCandidate[],
  progress: JobProgress,
  now: number,
  random: number,
): JobProgress {
  const openings = standing.flatMap(({ availability }) =>
    availability.kind === 'open' ? [] : [availability.until],
  );
  // A target that failed without cooling down is tried again after a pause that grows by round.
  const pauses = standing.some(({ availability }) => availability.kind === 'open');
  const wakeAt = pauses ? now + pauseMs(progress, now, random) : undefined;
  const until = Math.min(...openings, ...(wakeAt === undefined ? [] : [wakeAt]));
  const reason = openings.includes(until) ? 'cooling_down' : 'backoff';
  return startWait(progress, {
    kind: 'waiting',
    since: now,
    reason,
    until,
    ...(wakeAt === undefined ? {} : { wake_at: wakeAt }),
    rooms: standing.flatMap(({ planned, availability }) =>
      availability.kind === 'open' || planned.model_sent === undefined
        ? []
        : [{ provider: planned.provider, model: planned.model_sent }],
    ),
  });
}

/** Puts the job into a wait and opens the next round; a round without a call does not count. */
export function startWait(
  progress: JobProgress,
  place: Extract<Place, { kind: 'waiting' }>,
): JobProgress {
  const last = progress.waits.at(-1);
  // A woken job that found nothing open goes on with the same wait.
  const goesOn = last !== undefined && last.reason === place.reason && progress.round_calls === 0;
  const wait: Wait = goesOn
    ? { reason: last.reason, started_at: last.started_at, until: place.until }
    : { reason: place.reason, started_at: place.since, until: place.until };
  const earlier = goesOn ? progress.waits.slice(0, -1) : endLastWait(progress.waits, place.since);
  return {
    ...progress,
    round: progress.round_calls > 0 ? progress.round + 1 : progress.round,
    round_calls: 0,
    visited: [],
    place,
    waits: [...earlier, wait].slice(-KEPT_WAITS),
  };
}

function endLastWait(waits: readonly Wait[], now: number): Wait[] {
  return waits.map((wait, index) =>
    index === waits.length - 1 && wait.ended_at === undefined ? { ...wait, ended_at: now } : wait,
  );
}

/**
 * Grows with the rounds, and in a round without a call (a target has no worker) with the time
 * waited, so that a job that nobody can serve is looked at ever less often.
 */
function pauseMs({ round, round_calls: calls, waits }: JobProgress, now: number, random: number) {
  const wait = calls === 0 ? waits.at(-1) : undefined;
  const waited = wait === undefined || wait.ended_at !== undefined ? 0 : now - wait.started_at;
  return Math.max(backoffMs(round, random), Math.min(LONGEST_BACKOFF_MS, waited));
}

/** 1 s, 2 s, 4 s … 5 min, with up to a quarter of jitter. */
function backoffMs(round: number, random: number): number {
  const full = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(round - 1, 20));
  return Math.round(full * (0.75 + 0.25 * random));
}
