import type { JobProgress, JobRequest } from '@understudy/contracts';
import { SCHEMA_VERSION } from '@understudy/contracts';
import { foldSkips, planNext } from '@understudy/routing';
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
  const { clock, random, store, logger } = context;
  const now = clock.now();
  const plan = planNext(request, firstProgress(request), context.views(), now, random());
  const folded = foldSkips(plan.skips, request, plan.progress, 0, now);
  const progress = { ...plan.progress, skips: folded.skips };
  const creating = store.create(
    request,
    progress,
    body,
    folded.appended,
    dueTime(request, progress, now),
  );
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
        error: failureSummary(plan.code, plan.message, folded.appended),
      },
      endedAt: now,
      keepMs: context.views().settings.defaults.retentionMs,
    });
    return { kind: 'accepted', progress };
  }
  try {
    await (entering ?? placeJob(context, request, progress, 1, false));
  } catch (error) {
    logger.warn({ err: error, job: request.id }, 'the job is kept and will be queued later');
  }
  return { kind: 'accepted', progress };
}
