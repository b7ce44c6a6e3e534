import type { JobReference } from '@understudy/job-store';
import type { FastifyReply } from 'fastify';
import type { ApiParts } from '../api-parts.ts';
import { sendStream } from '../events/send-stream.ts';
import { forgetWhenSent } from '../jobs/forget-when-sent.ts';
import { callerGone } from '../jobs/send-job.ts';
import { followResponse } from './follow-response.ts';
import { renderResponse } from './render-response.ts';
import type { StoredResponse } from './stored-response.ts';

export function sendResponse(
  reply: FastifyReply,
  parts: ApiParts,
  response: StoredResponse,
): FastifyReply {
  const { record } = response.stored;
  const { id } = record.request;
  forgetWhenSent(reply, parts, record);
  return reply
    .header('location', `/v1/jobs/${id}`)
    .header('understudy-job', id)
    .type('application/json; charset=utf-8')
    .send(renderResponse(response));
}

/** @param after the number of the last event that the reader has seen */
export function sendResponseStream(
  reply: FastifyReply,
  parts: ApiParts,
  job: JobReference,
  after: number | undefined,
): FastifyReply {
  reply.header('location', `/v1/jobs/${job.id}`).header('understudy-job', job.id);
  const stream = parts.openStreams.open(job.project, callerGone(reply), (wake) =>
    followResponse(job, after, parts, wake, (record) => forgetWhenSent(reply, parts, record)),
  );
  return sendStream(reply, stream);
}
