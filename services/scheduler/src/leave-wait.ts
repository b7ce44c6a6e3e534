import type { Room } from '@understudy/availability';
import type { JobRecord, Place } from '@understudy/contracts';
import { takeStep, wakeJob } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import { isUnread } from '@understudy/job-store';
import { planNext } from '@understudy/routing';
import type { Plan } from '@understudy/routing';
import { triedTargets } from './tried-targets.ts';

type WaitingPlace = Extract<Place, { kind: 'waiting' }>;

/**
 * Lets a waiting job go on whose pause is over, for which something has opened without waking it, or
 * whose route leads elsewhere by now: none of the rooms that it knows would let it out for that. Where
 * what is new there is closed too, the job waits for that as well.
 * @param record as it was read just now
 * @returns true when the job left, or waits for something else from now on
 */
export async function leaveWait(
  dispatch: OpenDispatch,
  record: JobRecord,
  now: number,
): Promise<boolean> {
  const { request, progress, status, turn, version } = record;
  const { place } = progress;
  if (status !== 'queued' || place.kind !== 'waiting') return false;
  if (isOver(dispatch, place, now)) return wakeJob(dispatch, request);
  const tried = await restsFrom(dispatch, record, place);
  if (tried === undefined) return false;
  const plan = planBeside(dispatch, record, place.rooms, tried, now);
  if (!leadsElsewhere(plan, place)) return false;
  // What was said of its attempts need not open: their number is all that a move asks for.
  const [head] = await dispatch.store.readHeads([request]);
  if (head === undefined || isUnread(head)) return false;
  const moved = await takeStep(
    dispatch,
    { request, progress, turn, attemptsStored: head.attempts, attemptsMade: [] },
    { version },
    plan,
  );
  return moved.ok;
}

function isOver(
  { availability }: OpenDispatch,
  { rooms, wake_at: wakeAt }: WaitingPlace,
  now: number,
): boolean {
  if (wakeAt !== undefined && wakeAt <= now) return true;
  if (rooms.length === 0) return wakeAt === undefined;
  return rooms.some(
    ({ provider, model }) => availability.state(provider, model, now).kind === 'open',
  );
}

/**
 * Targets to which a job is not to go before its wait is over though they may be open: those that it
 * has tried, while it rests before it tries them again.
 * @returns undefined where it is to go nowhere
 */
async function restsFrom(
  { store }: OpenDispatch,
  { request }: JobRecord,
  { reason, wake_at: wakeAt }: WaitingPlace,
): Promise<readonly string[] | undefined> {
  if (wakeAt === undefined) return [];
  // It rests for what it did to its workers, so no other worker is to have it earlier.
  return reason === 'interrupted' ? undefined : triedTargets(store, request);
}

/**
 * The next step past what a job waits for. A room lets those who stand in it out one at a time after a
 * cool-down, so the job is not led into what it waits for there either.
 */
function planBeside(
  dispatch: OpenDispatch,
  { request, progress }: JobRecord,
  rooms: readonly Room[],
  tried: readonly string[],
  now: number,
): Plan {
  let visited = [...progress.visited, ...tried];
  for (;;) {
    const plan = planNext(
      request,
      { ...progress, visited },
      dispatch.views(),
      now,
      dispatch.random(),
    );
    const { place } = plan.progress;
    if (place.kind !== 'queue') return plan;
    const { target, provider, model_sent: model } = place.planned;
    if (model === undefined || !areAmong([{ provider, model }], rooms)) return plan;
    visited = [...visited, target];
  }
}

/** Whether a plan leads into a queue, or to a wait for something that the present one is not for. */
function leadsElsewhere({ kind, progress: { place: next } }: Plan, place: WaitingPlace): boolean {
  if (next.kind === 'queue') return true;
  // A rest goes on to its end: whoever tried an open target tries it again only then.
  if (kind !== 'wait' || place.wake_at !== undefined) return false;
  return next.wake_at !== undefined || !areSameRooms(next.rooms, place.rooms);
}

function areSameRooms(some: readonly Room[], others: readonly Room[]): boolean {
  return areAmong(some, others) && areAmong(others, some);
}

function areAmong(some: readonly Room[], others: readonly Room[]): boolean {
  return some.every(({ provider, model }) =>
    others.some((other) => other.provider === provider && other.model === model),
  );
}
