import type { Attempt, Place } from '@understudy/contracts';
import type { Metrics } from './metrics.ts';

/** Where a job goes that no provider takes now, and one that ends without an answer. */
const WAITING = 'waiting';
const NOWHERE = 'none';

/** What became of a job after some attempts: its next place, or an end without an answer. */
export type NextStep = Place | 'failed';

/** Counts each step of a job from one provider to another, or out of the round. */
export function countFallThroughs(
  metrics: Metrics,
  attempts: readonly Attempt[],
  next: NextStep,
): void {
  const left = attempts
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped')
    .map(({ provider }) => provider);
  const path = [...left, nameOf(next)];
  for (const [index, from] of left.entries()) {
    const to = path[index + 1] ?? NOWHERE;
    // Several surfaces of one provider are no fall-through, nor is a second try there.
    if (from !== to) metrics.fallThroughs.inc({ from, to });
  }
}

function nameOf(next: NextStep): string {
  if (next === 'failed') return NOWHERE;
  return next.kind === 'queue' ? next.planned.provider : WAITING;
}
