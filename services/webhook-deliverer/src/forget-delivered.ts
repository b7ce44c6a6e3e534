import { isTerminal } from '@understudy/contracts';
import type { TakenDelivery } from '@understudy/webhooks';
import { callbackEndpointId, forgetJobPayload } from '@understudy/webhooks';
import type { DelivererContext } from './deliverer-context.ts';

/**
 * A job that is not to be stored is forgotten once its callback has the answer: not where the event
 * told of the end alone, nor where the answer was too large for it.
 */
export async function forgetDelivered(
  { parts, jobs, settings }: Pick<DelivererContext, 'parts' | 'jobs' | 'settings'>,
  { order }: Pick<TakenDelivery, 'order'>,
): Promise<void> {
  const { event, include, endpoint } = order;
  if (include !== 'result' || event.type !== 'job.completed' || event.job === undefined) return;
  const job = { project: event.project, id: event.job };
  const [record] = await jobs.readRecords([job]);
  if (record?.request.store !== false || !isTerminal(record.status)) return;
  const { callback } = record.request;
  if (callback === undefined || callbackEndpointId(job.project, callback.url) !== endpoint) return;
  const answer = await jobs.readResult(job);
  if (answer === undefined || answer.length > settings.maxEventBytes) return;
  await forgetJobPayload(jobs, parts, job);
}
