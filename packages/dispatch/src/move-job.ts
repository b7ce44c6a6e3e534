import type { Attempt, JobProgress, JobRequest } from '@understudy/contracts';
import { SCHEMA_VERSION } from '@understudy/contracts';
import { foldSkips, planNext } from '@understudy/routing';
import type { Plan } from '@understudy/routing';
import type { TransitionResult } from '@understudy/job-store';
import type { TraceSpan } from '@understudy/tracing';
import type { DispatchContext } from './dispatch-context.ts';
import { failureSummary } from './failure-summary.ts';
import { costSoFar } from './cost-so-far.ts';
import { dueTime, enterBeside, leaveRooms, placeJob, unplaceJob } from './place-job.ts';
import { startHandOver, traceWait } from './trace-step.ts';

/** A job that is to move on, by whoever holds it. */
export interface MovingJob {
  request: JobRequest;
  /** With the calls, rounds and closed targets brought up to date. */
  progress: JobProgress;
  turn: number;
  /** Attempts on the record. */
  attemptsStored: number;
  /** Attempts made since, numbered after those. */
  attemptsMade: readonly Attempt[];
  /** What is under way for the job and moves it; absent where the job stands by itself. */
  span?: TraceSpan;
}

/** Which change since reading the record forbids the move. */
export type MoveGuard = { token: number } | { turn: number } | { version: number };

/**
 * Plans the next step of a job and takes it: record first, then the next queue or the waiting
 * rooms; who holds the job's token asks Redis for both together. When the guard no longer holds
 * nothing happens and `ok` is false, as of a move that was taken and is asked again.
 */
export async function moveJob(
  context: DispatchContext,
  job: MovingJob,
  guard: MoveGuard,
): Promise<TransitionResult> {
  const { clock, random, views } = context;
  return takeStep(
    context,
    job,
    guard,
    planNext(job.request, job.progress, views(), clock.now(), random()),
  );
}

/** Takes a step that was planned already. */
export async function takeStep(
  context: DispatchContext,
  job: MovingJob,
  guard: MoveGuard,
  plan: Plan,
): Promise<TransitionResult> {
  const { request, turn, attemptsMade } = job;
  const now = context.clock.now();
  const folded = foldSkips(
    plan.skips,
    request,
    plan.progress,
    job.attemptsStored + attemptsMade.length,
    now,
  );
  const progress = { ...plan.progress, skips: folded.skips };
  const appended = [...attemptsMade, ...folded.appended];
  const nextTurn = turn + 1;

  if (plan.kind === 'fail') {
    const stored = await context.store.read(request);
    const error = failureSummary(plan.code, plan.message, [
      ...(stored?.attempts ?? []),
      ...appended,
    ]);
    const failed = await context.store.transition(request, {
      ...guard,
      status: 'failed',
      nextTurn,
      progress,
      appended,
      folded: folded.folded,
      end: { v: SCHEMA_VERSION, error, ...costSoFar(progress) },
      endedAt: now,
      keepMs: context.views().settings.defaults.retentionMs,
    });
    if (!failed.ok) return failed;
    traceWait(request, job.progress, undefined, now);
    await leaveRooms(context, request, job.progress.place);
    return failed;
  }

  const handingOver = startHandOver(request, job.progress, plan, job.span);
  const moving = context.store.transition(request, {
    ...guard,
    // Only a start that ended shows that the job does not kill its workers.
    ...('token' in guard ? {} : { keepStarts: true }),
    status: 'queued',
    nextTurn,
    progress,
    dueAt: dueTime(request, progress, now),
    appended,
    folded: folded.folded,
  });
  const entering =
    'token' in guard ? enterBeside(context, request, progress, nextTurn, guard.token) : undefined;
  const moved = await moving;
  if (!moved.ok) {
    // One that was taken while its reply was lost is asked again, and finds the job at its new turn: its
    // entry is the right one. Where another start brought the job there, the worker that meets the entry
    // drops it, or takes it for that other start's if that meant the same place.
    const isThere = moved.status === 'queued' && moved.turn === nextTurn;
    const entered = await entering?.catch(() => false);
    if (entered === true && !isThere) await unplaceJob(context, request, progress, nextTurn);
    return moved;
  }
  traceWait(request, job.progress, progress, now);
  await leaveRooms(context, request, job.progress.place, progress.place);
  await (entering ?? placeJob(context, request, progress, nextTurn));
  handingOver?.end();
  return moved;
}
