import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiParts } from '../api-parts.ts';
import type { AcceptedJob } from '../jobs/accept-job.ts';
import { readMembers } from './read-members.ts';
import { sendResponse, sendResponseStream } from './send-response.ts';
import { readResponse } from './stored-response.ts';

/**
 * Answers a request for a Response in the background at once: with the Response as it is, or, where
 * a stream is asked for as well, with its events from now to its end.
 * @throws BrokerError
 */
export async function answerBackground(
  request: FastifyRequest<{ Body: { stream?: boolean | null | undefined } }>,
  reply: FastifyReply,
  { job, created }: AcceptedJob,
  parts: ApiParts,
): Promise<FastifyReply> {
  if (request.body.stream === true) return sendResponseStream(reply, parts, job, undefined);
  const received = request.receivedBody;
  // Saves reading what has just been written.
  const response =
    created === undefined || received === undefined
      ? await readResponse(parts.dispatch.store, job)
      : { stored: created, request: readMembers(received) };
  // Whoever asks gets the answer.
  return sendResponse(reply, parts, response, true);
}
