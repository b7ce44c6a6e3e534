import type { JobProgress, JobRequest } from '@understudy/contracts';
import { SCHEMA_VERSION } from '@understudy/contracts';
import { foldSkips, planNext } from '@understudy/routing';
import type { DispatchContext } from './dispatch-context.ts';
import { failureSummary } from './failure-summary.ts';
import { firstProgress } from './first-progress.ts';
import { dueTime, placeJob } from './place-job.ts';

export type SubmitResult =
  | { kind: 'accepted'; progress: JobProgress }
  /** A job of this id exists: the submit was repeated. */
  | { kind: 'exists'; existing: JobRequest }
  /** The submit was repeated after its job was no longer kept. */
  | { kind: 'gone'; fingerprint: string };

/**
 * Accepts a job: when this resolves the record is committed, and no crash loses it. A queue add
 * that fails afterwards is repaired by the scheduler, so the caller still gets its 202.
 */
export async function submitJob(
  context: DispatchContext,
  request: JobRequest,
  body: Uint8Array,
): Promise<SubmitResult> {
  const { clock, random, store, logger } = context;
  const now = clock.now();
  const plan = planNext(request, firstProgress(request), context.views(), now, random());
  const folded = foldSkips(plan.skips, request, plan.progress, 0, now);
  const progress = { ...plan.progress, skips: folded.skips };
  const created = await store.create(
    request,
    progress,
    body,
    folded.appended,
    dueTime(request, progress, now),
  );
  if (!created.created) {
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
    await placeJob(context, request, progress, 1, false);
  } catch (error) {
    logger.warn({ err: error, job: request.id }, 'the job is kept and will be queued later');
  }
  return { kind: 'accepted', progress };
}
