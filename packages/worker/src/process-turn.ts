import type { QueueEntry } from '@understudy/contracts';
import { SCHEMA_VERSION } from '@understudy/contracts';
import { LEASE_CHECK_MS, endJob, placeJob } from '@understudy/dispatch';
import { NewerRecordError, isUnread } from '@understudy/job-store';
import type { BeginResult, JobReference } from '@understudy/job-store';
import type { TurnService } from '@understudy/queue';
import { isRedisUnavailable } from '@understudy/runtime';
import { startTurnSpan } from './call-span.ts';
import type { HeldTurn } from './held-turn.ts';
import { jobCost } from './job-cost.ts';
import { pauseInterrupted } from './pause-interrupted.ts';
import type { RunningTurn } from './running-turns.ts';
import { takeTurn } from './take-turn.ts';
import type { ServedProvider, WorkerContext } from './worker-context.ts';

/** Starts that never ended: from this many on the job rests before the next. */
const RESTING_STARTS = 3;
/** A job whose starts kill their workers is failed at this many. */
const POISONOUS_STARTS = 20;

/**
 * One turn of a job, from queue entry to the next place or the end. Everything is settled on the
 * record; an entry whose turn has passed is dropped, after its job's present place was made sure of.
 * @returns `left` where a newer release wrote the record: one of its workers takes the turn;
 *   `unreadable` where it does not open here: a worker with the key takes it; `early` where the
 *   record has not come to this turn
 */
export async function processTurn(
  worker: WorkerContext,
  provider: ServedProvider,
  entry: QueueEntry,
): Promise<TurnService> {
  const { dispatch, running } = worker;
  const job: JobReference = { project: entry.project, id: entry.id };
  if (await isStopped(worker, entry)) return 'served';
  // Listens for a cancel before the record says that the job runs: none is missed in between.
  const turn = running.start(job);
  try {
    const now = dispatch.clock.now();
    const begun = await dispatch.store.begin(job, entry.turn, now, now + LEASE_CHECK_MS, entry.by);
    if (begun.kind === 'newer') return 'left';
    if (begun.kind === 'unreadable') return 'unreadable';
    if (isEarly(begun, entry)) return 'early';
    if (begun.kind === 'started') {
      await carryOut(worker, holdTurn(begun, entry, provider, turn, now));
    } else if (begun.kind === 'expired') {
      await endJob(dispatch, job, 'expired');
    } else if (begun.kind === 'stale' && begun.status === 'queued') {
      return await restorePlace(worker, provider, entry);
    }
    return 'served';
  } finally {
    turn.end();
  }
}

/**
 * Whether a turn is of a batch that begins no more lines. Whoever stops the batch ends those that wait,
 * which takes a while; were it cut off, their due times bring back what is dropped here. A line that
 * another worker had begun before it died goes on: this entry is all that brings it to its end.
 */
async function isStopped(
  { dispatch, stopping }: WorkerContext,
  { project, id, line_of: batch }: QueueEntry,
): Promise<boolean> {
  if (batch === undefined || !stopping.has(batch)) return false;
  const [status] = await dispatch.store.readStatuses([{ project, id }]);
  return status === 'queued';
}

/** The entry may have been added while the record was still being written. */
function isEarly(begun: BeginResult, { turn, by }: QueueEntry): boolean {
  if (begun.kind === 'missing') return by !== undefined;
  return begun.kind === 'stale' && begun.status === 'in_progress' && begun.turn < turn;
}

function holdTurn(
  begun: Extract<BeginResult, { kind: 'started' }>,
  entry: QueueEntry,
  provider: ServedProvider,
  running: RunningTurn,
  now: number,
): BegunTurn {
  const { place } = begun.progress;
  if (place.kind !== 'queue') throw new Error(`job ${entry.id} was begun while it waits`);
  const queuedMs = Math.max(0, now - place.since);
  // From here on the record's next change tells what the start before may have cost.
  const progress = begun.interrupted
    ? { ...begun.progress, ...jobCost(begun.progress, [{ maybe_billed: true }]) }
    : begun.progress;
  const held = { ...begun, progress, turn: entry.turn, planned: place.planned, provider, queuedMs };
  return {
    ...held,
    attemptsStored: begun.attempts,
    running,
    span: startTurnSpan(held),
    startedAt: now,
  };
}

type BegunTurn = HeldTurn & Pick<Extract<BeginResult, { kind: 'started' }>, 'starts'>;

async function carryOut(worker: WorkerContext, held: BegunTurn): Promise<void> {
  const { request, running, startedAt, starts } = held;
  const expiry = expireInTime(worker, running, request.expires_at - startedAt);
  try {
    if (starts >= POISONOUS_STARTS) {
      await fail(worker, held, 'poisoned', `${starts} starts in a row did not end`);
    } else if (held.interrupted && starts >= RESTING_STARTS) {
      await pauseInterrupted(worker, held, starts);
    } else {
      await takeTurn(worker, held);
    }
  } catch (error) {
    // Nothing is wrong with the job: its due time brings it back when Redis can write again.
    if (isRedisUnavailable(error)) throw error;
    if (error instanceof NewerRecordError) {
      worker.dispatch.logger.warn({ reason: error.message }, 'a job was taken over while it ran');
      return;
    }
    held.span.fail('internal_error');
    worker.dispatch.logger.error({ err: error, job: request.id }, 'a turn failed by our own fault');
    await fail(worker, held, 'internal_error', 'the broker could not carry out this job');
  } finally {
    clearTimeout(expiry);
    held.span.end();
  }
}

/** Whoever moved the job on may have died between the record and the next queue. */
async function restorePlace(
  worker: WorkerContext,
  provider: ServedProvider,
  { by, ...entry }: QueueEntry,
): Promise<TurnService> {
  const { dispatch } = worker;
  const [record] = await dispatch.store.readEach([entry]);
  // One that cannot be read here is brought back to its place by its due time.
  if (record === undefined || isUnread(record) || record.status !== 'queued') return 'served';
  const { request, progress, turn } = record;
  const { place } = progress;
  const isHere = place.kind === 'queue' && place.planned.provider === provider.settings.name;
  if (by !== undefined && turn === entry.turn && isHere) {
    // Another start brought the job to the very place that the one named here meant for it.
    return processTurn(worker, provider, entry);
  }
  await placeJob(dispatch, request, progress, turn);
  return 'served';
}

/** A later deadline is the scheduler's; few turns last so long. */
const LONGEST_TIMER_MS = 600_000;

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
    end: { v: SCHEMA_VERSION, error: { code, message }, ...jobCost(held.progress, []) },
    endedAt: dispatch.clock.now(),
    keepMs: settings().defaults.retentionMs,
  });
}
