import type { JobProgress, JobRequest } from '@understudy/contracts';
import type { Plan } from '@understudy/routing';
import { startSpan } from '@understudy/tracing';
import type { TraceSpan } from '@understudy/tracing';

/** Begins the span of a hand-over into a queue. It is to be ended only if the job moves. */
export function startHandOver(
  request: JobRequest,
  before: JobProgress,
  plan: Plan,
  within: TraceSpan | undefined,
): TraceSpan | undefined {
  const { place } = plan.progress;
  if (plan.kind !== 'queue' || place.kind !== 'queue') return undefined;
  const { provider } = place.planned;
  return startSpan(`send ${provider}`, within ?? request, {
    kind: 'producer',
    attributes: {
      'messaging.system': 'bullmq',
      'messaging.operation.type': 'send',
      'messaging.destination.name': provider,
      'understudy.job.id': request.id,
      'understudy.project': request.project,
      'understudy.from.provider':
        before.place.kind === 'queue' ? before.place.planned.provider : undefined,
    },
  });
}

/**
 * Tells of a wait that has just ended: while it lasted no process held it. A woken job that found
 * nothing open goes on with the same wait.
 * @param after absent where the job has ended
 */
export function traceWait(
  request: JobRequest,
  before: JobProgress,
  after: JobProgress | undefined,
  now: number,
): void {
  const wait = before.waits.at(-1);
  if (wait === undefined || wait.ended_at !== undefined) return;
  const last = after?.waits.at(-1);
  if (last?.ended_at === undefined && last?.started_at === wait.started_at) return;
  startSpan(`wait ${wait.reason}`, request, {
    kind: 'internal',
    startedAt: wait.started_at,
    attributes: {
      'understudy.job.id': request.id,
      'understudy.project': request.project,
      'understudy.wait.reason': wait.reason,
    },
  }).end(now);
}

/** Tells that a job was ended from outside, where no call of it was there to tell it. */
export function startEnding(request: JobRequest, status: 'cancelled' | 'expired'): TraceSpan {
  const { id, project } = request;
  return startSpan(`job ${status}`, request, {
    kind: 'internal',
    attributes: {
      'understudy.job.id': id,
      'understudy.project': project,
      'understudy.job.status': status,
    },
  });
}
