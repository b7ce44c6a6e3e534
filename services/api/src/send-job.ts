import { BrokerError } from '@understudy/contracts';
import type { JobReference, StoredJob } from '@understudy/job-store';
import type { FastifyReply } from 'fastify';
import { isJobId } from '@understudy/submission';
import { forgetWhenSent } from './forget-delivered.ts';
import type { ForgettingParts } from './forget-delivered.ts';
import { namesTag, representJob } from './render-job.ts';

/** When one who does not wait may look again. */
export const POLL_AFTER_SECONDS = 1;

/** The job a path names, in the caller's project. @throws BrokerError 404 for what can be none */
export function jobReference(project: string, id: string): JobReference {
  if (!isJobId(id)) throw jobNotFound();
  return { project, id };
}

/** The same for a job of nobody and for a job of somebody else. */
export function jobNotFound(): BrokerError {
  return new BrokerError(
    'not_found',
    'there is no job of this id; finished jobs are kept for a while only',
  );
}

/** Sends the whole job; with `ifNoneMatch` perhaps only that the caller's copy is still fresh. */
export async function sendJob(
  reply: FastifyReply,
  parts: ForgettingParts,
  stored: StoredJob | undefined,
  ifNoneMatch?: string,
): Promise<FastifyReply> {
  if (stored === undefined) throw jobNotFound();
  const { request, end } = stored.record;
  const representation = representJob(stored);
  reply.header('location', `/v1/jobs/${request.id}`).header('etag', representation.etag);
  if (namesTag(ifNoneMatch, representation.etag)) return reply.code(304).send();
  const answer =
    end?.result === undefined ? undefined : await parts.dispatch.store.readResult(request);
  forgetWhenSent(reply, parts, stored.record);
  return reply.type('application/json; charset=utf-8').send(representation.bytes(answer));
}

/** Aborts when the caller hangs up before the answer was sent. */
export function callerGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  // The close of the request would not do: it comes as soon as the body has been read.
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
