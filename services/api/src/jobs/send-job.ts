import { BrokerError } from '@understudy/contracts';
import type { JobReference } from '@understudy/job-store';
import type { FastifyReply } from 'fastify';
import { isJobId } from '@understudy/submission';
import type { AwaitedJob } from '../events/long-polls.ts';
import { forgetWhenSent } from './forget-when-sent.ts';
import type { ForgettingParts } from './forget-when-sent.ts';
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

export interface SentJob {
  /** Of the request: perhaps only that the caller's copy is still fresh is sent. */
  ifNoneMatch?: string | undefined;
  /** Whether answer and words of providers are shown; as the key allows unless told. */
  showsContent?: boolean;
  /** The answer is left out: so it was not delivered, and nothing is forgotten. */
  leavesAnswer?: boolean;
}

/** Sends the whole job. */
export async function sendJob(
  reply: FastifyReply,
  parts: ForgettingParts,
  stored: AwaitedJob | undefined,
  { ifNoneMatch, showsContent = reply.request.mayReadContent, leavesAnswer = false }: SentJob = {},
): Promise<FastifyReply> {
  if (stored === undefined) throw jobNotFound();
  const { request, end } = stored.record;
  const representation = representJob(stored, showsContent, leavesAnswer);
  reply.header('location', `/v1/jobs/${request.id}`).header('etag', representation.etag);
  if (namesTag(ifNoneMatch, representation.etag)) return reply.code(304).send();
  const delivers = showsContent && !leavesAnswer;
  const hasAnswer = delivers && end?.result !== undefined;
  const answer = hasAnswer
    ? (stored.answer ?? (await parts.dispatch.store.readResult(request)))
    : undefined;
  // Who may not see it does not take it from who may.
  if (delivers) forgetWhenSent(reply, parts, stored.record);
  return reply.type('application/json; charset=utf-8').send(representation.json(answer));
}

/** Aborts when the caller hangs up before the answer was sent; at once where that has happened. */
export function callerGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  // The close of the request would not do: it comes as soon as the body has been read.
  if (reply.raw.destroyed) gone.abort();
  else reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
