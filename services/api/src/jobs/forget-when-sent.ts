import { isTerminal } from '@understudy/contracts';
import type { JobRecord } from '@understudy/contracts';
import type { FastifyReply } from 'fastify';
import type { ApiParts } from '../api-parts.ts';

export type ForgettingParts = Pick<ApiParts, 'dispatch' | 'webhooks'>;

/**
 * Of a job that is not to be stored, forgets what it was asked and answered as soon as this answer,
 * which tells its end, is out as a whole. A caller who hangs up before may ask again, until the
 * scheduler forgets it.
 */
export function forgetWhenSent(
  reply: FastifyReply,
  parts: ForgettingParts,
  record: JobRecord | undefined,
): void {
  if (record === undefined || !isToBeForgotten(record) || reply.request.method === 'HEAD') return;
  // Not at `close`: it comes too where the caller hung up in the midst of it.
  reply.raw.once('finish', () => void forget(parts, record));
}

/** What of a job is still to be forgotten now that it has ended. */
function isToBeForgotten({ request, status, payloadForgotten }: JobRecord): boolean {
  return request.store === false && isTerminal(status) && payloadForgotten !== true;
}

async function forget({ dispatch, webhooks }: ForgettingParts, { request }: JobRecord) {
  const { project, id } = request;
  try {
    await dispatch.store.forgetPayload({ project, id });
    await webhooks.forgetPayloads(project, id);
  } catch (error) {
    // The scheduler does it within ten minutes.
    dispatch.logger.warn({ err: error, job: id }, 'a delivered answer could not be forgotten yet');
  }
}
