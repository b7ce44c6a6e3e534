import type { JobOutline, JobStore, OutboxEntry } from '@understudy/job-store';
import { isRedisUnavailable } from '@understudy/runtime';
import { possibleResponseEvents, wishesFor } from '@understudy/webhooks';
import type { DeliveryWish, Subscription } from '@understudy/webhooks';
import { UntoldError } from './outbox-page.ts';

/**
 * Who is told of the end of a job in the shape of OpenAI's Responses. The answer is read only where
 * somebody listens and the record alone cannot say whether it is complete.
 * @throws UntoldError where it cannot be read
 */
export async function responseWishes(
  { version }: Pick<OutboxEntry, 'version'>,
  record: JobOutline,
  endpoints: readonly Subscription[],
  store: Pick<JobStore, 'readResult'>,
): Promise<DeliveryWish[]> {
  const { callback } = record.request;
  const possible = possibleResponseEvents(record, version).map((event) => ({
    event,
    wishes: wishesFor(event, callback, endpoints),
  }));
  if (possible.every(({ wishes }) => wishes.length === 0)) return [];
  const type = possible.length === 1 ? possible[0]?.event.type : await endOf(record, store);
  return possible.flatMap(({ event, wishes }) => (event.type === type ? wishes : []));
}

async function endOf(
  { request }: JobOutline,
  store: Pick<JobStore, 'readResult'>,
): Promise<'response.completed' | 'response.incomplete'> {
  const answer = await store.readResult(request).catch((error: unknown) => {
    throw isRedisUnavailable(error) ? error : new UntoldError([request]);
  });
  const isIncomplete = answer !== undefined && statusOf(answer) === 'incomplete';
  return isIncomplete ? 'response.incomplete' : 'response.completed';
}

function statusOf(answer: Buffer): unknown {
  try {
    const response: unknown = JSON.parse(answer.toString('utf8'));
    const isObject = typeof response === 'object' && response !== null;
    return isObject && 'status' in response ? response.status : undefined;
  } catch {
    return undefined;
  }
}
