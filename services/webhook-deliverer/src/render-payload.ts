import type { Attempt } from '@understudy/contracts';
import { renderEvent } from '@understudy/webhooks';
import type { DeliveryOrder, EventSource } from '@understudy/webhooks';
import type { DelivererContext } from './deliverer-context.ts';

/**
 * The body of a delivery's first try, from the job as it is now. What is no longer kept of the job
 * is not in it; the event is told all the same.
 */
export async function renderPayload(
  { jobs, settings }: Pick<DelivererContext, 'jobs' | 'settings'>,
  { event, include, shape }: DeliveryOrder,
): Promise<string> {
  const source: EventSource = { maxResultBytes: settings.maxEventBytes };
  if (event.job === undefined) return renderEvent(event, source, shape);
  const job = { project: event.project, id: event.job };
  const stored = await jobs.read(job);
  if (stored === undefined) return renderEvent(event, source, shape);
  source.record = stored.record;
  const attempt = findAttempt(stored.attempts, event.attempt);
  if (attempt !== undefined) source.attempt = attempt;
  if (include === 'result' && event.type === 'job.completed') {
    const result = await jobs.readResult(job);
    if (result !== undefined) source.result = result;
  }
  return renderEvent(event, source, shape);
}

function findAttempt(attempts: readonly Attempt[], number: number | undefined) {
  return number === undefined ? undefined : attempts.find((attempt) => attempt.number === number);
}
