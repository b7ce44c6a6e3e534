import type { JobReference } from '@understudy/job-store';
import type { FastifyReply } from 'fastify';
import type { ApiParts } from '../api-parts.ts';
import { sendStream } from '../events/send-stream.ts';
import { forgetWhenSent } from '../jobs/forget-when-sent.ts';
import { callerGone } from '../jobs/send-job.ts';
import { followResponse } from './follow-response.ts';
import { renderResponse } from './render-response.ts';
import { responseWithoutContent } from './stored-response.ts';
import type { StoredResponse } from './stored-response.ts';

/** @param showsContent whether request, answer and words of providers are shown; as the key allows unless told */
export function sendResponse(
  reply: FastifyReply,
  parts: ApiParts,
  response: StoredResponse,
  showsContent = reply.request.mayReadContent,
): FastifyReply {
  const { record } = response.stored;
  const { id } = record.request;
  // Who may not see it does not take it from who may.
  if (showsContent) forgetWhenSent(reply, parts, record);
  return reply
    .header('location', `/v1/jobs/${id}`)
    .header('understudy-job', id)
    .type('application/json; charset=utf-8')
    .send(renderResponse(showsContent ? response : responseWithoutContent(response)));
}

/** @param after the number of the last event that the reader has seen */
export function sendResponseStream(
  reply: FastifyReply,
  parts: ApiParts,
  job: JobReference,
  after: number | undefined,
): FastifyReply {
  reply.header('location', `/v1/jobs/${job.id}`).header('understudy-job', job.id);
  // A stream ends with the key that opened it, whichever project it tells of.
  const { credential } = reply.request;
  const stream = parts.openStreams.open(credential, callerGone(reply), (wake) =>
    followResponse(job, after, parts, wake, (record) => forgetWhenSent(reply, parts, record)),
  );
  return sendStream(reply, stream);
}
