import type { QueueEntry } from '@understudy/contracts';
import { SCHEMA_VERSION } from '@understudy/contracts';
import { endJob, placeJob } from '@understudy/dispatch';
import type { JobReference } from '@understudy/job-store';
import { isRedisUnavailable } from '@understudy/runtime';
import type { HeldTurn } from './held-turn.ts';
import { pauseInterrupted } from './pause-interrupted.ts';
import type { RunningTurn } from './running-turns.ts';
import { takeTurn } from './take-turn.ts';
import type { ServedProvider, WorkerContext } from './worker-context.ts';

/** A record in progress is looked at after this long, in case its entry vanished. */
const LEASE_CHECK_MS = 30_000;
/** Starts that never ended: from this many on the job rests before the next. */
const RESTING_STARTS = 3;
/** A job whose starts kill their workers is failed at this many. */
const POISONOUS_STARTS = 20;

/**
 * One turn of a job, from queue entry to the next place or the end. Everything is settled on the
 * record; an entry whose turn has passed is dropped, after its job's present place was made sure of.
 */
export async function processTurn(
  worker: WorkerContext,
  provider: ServedProvider,
  entry: QueueEntry,
): Promise<void> {
  const { dispatch, running } = worker;
  const job: JobReference = { project: entry.project, id: entry.id };
  const now = dispatch.clock.now();
  const begun = await dispatch.store.begin(job, entry.turn, now, now + LEASE_CHECK_MS);
  if (begun.kind === 'missing') return;
  if (begun.kind === 'stale') {
    // Whoever moved the job on may have died between the record and the next queue.
    if (begun.status === 'queued') await restorePlace(worker, job);
    return;
  }
  if (begun.kind === 'expired') {
    await endJob(dispatch, job, 'expired');
    return;
  }

  const { request, progress } = begun;
  if (progress.place.kind !== 'queue') throw new Error(`job ${job.id} was begun while it waits`);
  const turn = running.start(job);
  const held: HeldTurn = {
    ...begun,
    turn: entry.turn,
    attemptsStored: begun.attempts,
    planned: progress.place.planned,
    provider,
    running: turn,
    startedAt: now,
    queuedMs: Math.max(0, now - progress.place.since),
  };
  const expiry = expireInTime(worker, turn, request.expires_at - now);
  try {
    if (begun.starts >= POISONOUS_STARTS) {
      await fail(worker, held, 'poisoned', `${begun.starts} starts in a row did not end`);
    } else if (begun.interrupted && begun.starts >= RESTING_STARTS) {
      await pauseInterrupted(worker, held, begun.starts);
    } else {
      await takeTurn(worker, held);
    }
  } catch (error) {
    // Nothing is wrong with the job: its due time brings it back when Redis can write again.
    if (isRedisUnavailable(error)) throw error;
    dispatch.logger.error({ err: error, job: job.id }, 'a turn failed by a fault of the broker');
    await fail(worker, held, 'internal_error', 'the broker could not carry out this job');
  } finally {
    clearTimeout(expiry);
    turn.end();
  }
}

async function restorePlace({ dispatch }: WorkerContext, job: JobReference): Promise<void> {
  const [record] = await dispatch.store.readRecords([job]);
  if (record?.status !== 'queued') return;
  await placeJob(dispatch, record.request, record.progress, record.turn);
}

/** A timer of Node holds at most 2^31 - 1 ms; a later deadline is the scheduler's. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function expireInTime(
  { dispatch }: WorkerContext,
  { job }: RunningTurn,
  remainingMs: number,
): NodeJS.Timeout | undefined {
  if (remainingMs > LONGEST_TIMER_MS) return undefined;
  return setTimeout(
    () => {
      endJob(dispatch, job, 'expired').catch((error: unknown) =>
        dispatch.logger.warn({ err: error, job: job.id }, 'a job could not be expired in time'),
      );
    },
    Math.max(0, remainingMs),
  );
}

async function fail(
  { dispatch, settings }: WorkerContext,
  held: HeldTurn,
  code: string,
  message: string,
): Promise<void> {
  await dispatch.store.transition(held.request, {
    token: held.token,
    status: 'failed',
    nextTurn: held.turn + 1,
    appended: [],
    folded: [],
    end: { v: SCHEMA_VERSION, error: { code, message } },
    endedAt: dispatch.clock.now(),
    keepMs: settings().defaults.retentionMs,
  });
}
