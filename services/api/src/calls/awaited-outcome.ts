import type { JobReference } from '@understudy/job-store';
import type { FastifyReply } from 'fastify';
import type { ApiParts } from '../api-parts.ts';
import { forgetWhenSent } from '../jobs/forget-when-sent.ts';
import { callerGone } from '../jobs/send-job.ts';
import { callOutcome } from './call-outcome.ts';
import type { CallOutcome } from './call-outcome.ts';

/** Waits for what the caller of this reply is then told, and forgets it afterwards where asked to. */
export async function awaitedOutcome(
  reply: FastifyReply,
  parts: ApiParts,
  job: JobReference,
  waitMs: number,
): Promise<CallOutcome> {
  const outcome = await callOutcome(parts, job, waitMs, callerGone(reply));
  const ended = outcome.kind === 'completed' || outcome.kind === 'failed';
  if (ended) forgetWhenSent(reply, parts, outcome.stored?.record);
  return outcome;
}
