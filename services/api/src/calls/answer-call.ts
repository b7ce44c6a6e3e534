import type { StoredJob } from '@understudy/job-store';
import type { FastifyReply } from 'fastify';
import type { AcceptedJob } from '../jobs/accept-job.ts';
import type { ApiParts } from '../api-parts.ts';
import { preferredWaitSeconds } from '../requests/prefer-header.ts';
import { POLL_AFTER_SECONDS, sendJob } from '../jobs/send-job.ts';
import type { CallOutcome } from './call-outcome.ts';
import { awaitedOutcome } from './awaited-outcome.ts';

/** Answers once the job has ended. @throws what is to be told instead of an answer */
export async function answerWhenEnded(
  reply: FastifyReply,
  { job }: AcceptedJob,
  parts: ApiParts,
  waitMs: number,
): Promise<FastifyReply> {
  return sendOutcome(reply, await awaitedOutcome(reply, parts, job, waitMs));
}

/** Answers with the job, or where its end comes within the time asked for, with that (RFC 7240). */
export async function answerAsync(
  reply: FastifyReply,
  { job, created }: AcceptedJob,
  parts: ApiParts,
  prefer: string | string[] | undefined,
): Promise<FastifyReply> {
  const { store } = parts.dispatch;
  const seconds = preferredWaitSeconds(prefer);
  const wish = seconds === 0 ? '' : `wait=${seconds}`;
  if (seconds > 0) {
    const outcome = await awaitedOutcome(reply, parts, job, seconds * 1000);
    if (outcome.kind === 'completed' || outcome.kind === 'failed') {
      reply.header('preference-applied', wish);
      return sendOutcome(reply, outcome);
    }
  }
  reply
    .code(202)
    .header('retry-after', String(POLL_AFTER_SECONDS))
    .header('preference-applied', wish === '' ? 'respond-async' : `respond-async, ${wish}`);
  const asCreated = seconds > 0 ? undefined : created;
  return sendJob(reply, parts, asCreated ?? (await store.read(job)));
}

/** @throws what is to be told instead of an answer */
export function sendOutcome(reply: FastifyReply, outcome: CallOutcome): FastifyReply {
  if (outcome.kind === 'completed') {
    nameProvider(reply, outcome.stored);
    return reply.type('application/json; charset=utf-8').send(outcome.answer);
  }
  if (outcome.kind === 'stopping') reply.header('x-should-retry', 'true');
  throw outcome.error;
}

/** Tells where the job is to be found, whatever becomes of the answer. */
export function nameJob(reply: FastifyReply, { job, replayed }: AcceptedJob): void {
  reply
    .header('location', `/v1/jobs/${job.id}`)
    .header('understudy-job', job.id)
    .header('vary', 'Prefer');
  if (replayed) reply.header('idempotency-replayed', 'true');
}

export function nameProvider(reply: FastifyReply, { record }: StoredJob): void {
  const { provider, model } = record.end?.result ?? {};
  if (provider !== undefined) reply.header('understudy-provider', headerText(provider));
  if (model !== undefined) reply.header('understudy-model', headerText(model));
}

/** What providers call a model need not fit into a header: the rest is percent-encoded. */
function headerText(text: string): string {
  return text.toWellFormed().replaceAll(/[^\u0021-\u007e]/gu, encodeURIComponent);
}
