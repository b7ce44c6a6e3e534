import type { JobProgress, Place, Wait, WaitReason } from '@understudy/contracts';
import type { TargetAvailability } from './routing-views.ts';
import type { TargetCandidate } from './target-candidate.ts';

const KEPT_WAITS = 20;
const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 300_000;

/** When a step is planned, when the job ends at the latest, and what jitter is made of. */
export interface PlanningTime {
  now: number;
  latest: number;
  random: number;
}

/** The round is over: the next one starts when a target opens, or after a pause. */
export function waitFor(
  standing: readonly TargetCandidate[],
  progress: JobProgress,
  { now, latest, random }: PlanningTime,
): JobProgress {
  const openings = standing.flatMap(({ availability }) => openingOf(availability, latest) ?? []);
  // A target that failed without cooling down is tried again after a pause that grows by round.
  const pauses = standing.some(({ availability }) => availability.kind === 'open');
  const wakeAt = pauses ? now + pauseMs(progress, now, random) : undefined;
  const until = Math.min(
    ...openings.map((opening) => opening.until),
    ...(wakeAt === undefined ? [] : [wakeAt]),
  );
  return startWait(progress, {
    kind: 'waiting',
    since: now,
    reason: openings.find((opening) => opening.until === until)?.reason ?? 'backoff',
    until,
    ...(wakeAt === undefined ? {} : { wake_at: wakeAt }),
    rooms: standing.flatMap(({ planned, availability }) =>
      availability.kind === 'open' || planned.model_sent === undefined
        ? []
        : [{ provider: planned.provider, model: planned.model_sent }],
    ),
  });
}

/** When a closed target opens at the earliest; nobody knows when somebody resumes a paused one. */
function openingOf(
  availability: TargetAvailability,
  latest: number,
): { until: number; reason: WaitReason } | undefined {
  if (availability.kind === 'open') return undefined;
  if (availability.kind === 'paused') return { until: latest, reason: 'paused' };
  return { until: availability.until, reason: 'cooling_down' };
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

/** Says of a wait that goes on that it is over. */
export function endLastWait(waits: readonly Wait[], now: number): Wait[] {
  return waits.map((wait, index) =>
    index === waits.length - 1 && wait.ended_at === undefined ? { ...wait, ended_at: now } : wait,
  );
}

/**
 * Grows with the rounds, and in a round without a call (a target has no worker) with the time
 * waited, so that a job that nobody can serve is looked at ever less often. With up to a quarter of
 * jitter, so that those who began to wait together do not all come back at once.
 */
function pauseMs({ round, round_calls: calls, waits }: JobProgress, now: number, random: number) {
  const wait = calls === 0 ? waits.at(-1) : undefined;
  const waited = wait === undefined || wait.ended_at !== undefined ? 0 : now - wait.started_at;
  const full = Math.max(backoffMs(round), waited);
  return Math.round(Math.min(LONGEST_BACKOFF_MS, full) * (0.75 + 0.25 * random));
}

/** 1 s, 2 s, 4 s … 5 min. */
function backoffMs(round: number): number {
  return FIRST_BACKOFF_MS * 2 ** Math.min(round - 1, 20);
}
