import type { Attempt, JobProgress, JobRequest } from '@understudy/contracts';
import { SCHEMA_VERSION } from '@understudy/contracts';
import { foldSkips, planNext } from '@understudy/routing';
import type { Plan } from '@understudy/routing';
import type { DispatchContext } from './dispatch-context.ts';
import { failureSummary } from './failure-summary.ts';
import { firstProgress } from './first-progress.ts';
import { dueTime, enterBeside, placeJob, unplaceJob } from './place-job.ts';

export type SubmitResult =
  | { kind: 'accepted'; progress: JobProgress }
  /** A job of this id exists: the submit was repeated. */
  | { kind: 'exists'; existing: JobRequest }
  /** The submit was repeated after its job was no longer kept. */
  | { kind: 'gone'; fingerprint: string };

/** In whose name an entry is that no start of the job has led to. */
const NO_START = 0;

/**
 * Accepts a job: when this resolves the record is committed, and no crash loses it. A queue add
 * that fails is repaired by the scheduler, so the caller still gets its 202.
 * @param isNew where nobody else can know the job's id: then record and queue are asked together
 */
export async function submitJob(
  context: DispatchContext,
  request: JobRequest,
  body: Uint8Array,
  isNew = false,
): Promise<SubmitResult> {
  const { clock, store } = context;
  const now = clock.now();
  const { plan, progress, skipped } = planFirst(context, request, now);
  const dueAt = dueTime(request, progress, now);
  const creating = store.create(request, progress, body, skipped, dueAt);
  const entering =
    isNew && plan.kind !== 'fail'
      ? enterBeside(context, request, progress, 1, NO_START)
      : undefined;
  const created = await creating;
  if (!created.created) {
    if (await entering?.catch(() => false)) await unplaceJob(context, request, progress, 1);
    return 'existing' in created
      ? { kind: 'exists', existing: created.existing }
      : { kind: 'gone', fingerprint: created.buried.fingerprint };
  }

  if (plan.kind === 'fail') {
    // Its route leads nowhere for this body: it is accepted, and says at once why.
    await store.transition(request, {
      turn: 1,
      status: 'failed',
      nextTurn: 2,
      appended: [],
      folded: [],
      end: {
        v: SCHEMA_VERSION,
        error: failureSummary(plan.code, plan.message, skipped),
      },
      endedAt: now,
      keepMs: context.views().settings.defaults.retentionMs,
    });
    return { kind: 'accepted', progress };
  }
  await placeAccepted(context, request, progress, entering);
  return { kind: 'accepted', progress };
}

/** Where a job goes first, and the attempts that stand for the targets which were passed over. */
export function planFirst(
  { views, random }: DispatchContext,
  request: JobRequest,
  now: number,
): { plan: Plan; progress: JobProgress; skipped: Attempt[] } {
  const plan = planNext(request, firstProgress(request), views(), now, random());
  const { skips, appended } = foldSkips(plan.skips, request, plan.progress, 0, now);
  return { plan, progress: { ...plan.progress, skips }, skipped: appended };
}

/**
 * Puts a job whose record is committed where that says. A failure is left to the scheduler.
 * @param entering where this was asked for already
 */
export async function placeAccepted(
  context: DispatchContext,
  request: JobRequest,
  progress: JobProgress,
  entering?: Promise<unknown>,
): Promise<void> {
  try {
    await (entering ?? placeJob(context, request, progress, 1, false));
  } catch (error) {
    context.logger.warn(
      { err: error, job: request.id },
      'the job is kept and will be queued later',
    );
  }
}
