import type { JobProgress, JobRequest, JobStatus } from '@understudy/contracts';
import { z } from 'zod';
import type { JobReference } from './job-keys.ts';
import type { JobOutline } from './job-outline.ts';
import type { JobChange } from './job-store.ts';
import { isPlainLine, lineText } from './told-lines.ts';
import {
  answeredState,
  isPlainJob,
  toldHead,
  toldOutlineSchema,
  toldOutlines,
} from './told-outline.ts';
import type { PlainJob, ToldState } from './told-outline.ts';

/** What an entry of an outbox tells of a job that is no line of a batch. */
const toldJobSchema = toldOutlineSchema.extend({
  /** When it was created, and the trace that it belongs to. */
  c: z.number(),
  p: z.string(),
});

/** What is told of a job that was created in the queue of a provider; undefined of any other. */
export function placedJobText(request: JobRequest, progress: JobProgress): string | undefined {
  const { route, place } = progress;
  if (place.kind !== 'queue' || request.batch !== undefined || !isPlainJob(request))
    return undefined;
  return jobText(request, route, { provider: place.planned.provider });
}

/**
 * What is told of a job, a line of a batch or not, that ends with an answer; undefined of any other
 * change.
 */
export function answeredText(
  job: JobReference & Partial<JobRequest>,
  change: JobChange,
  endText: string,
): string | undefined {
  const state = answeredState(change, endText);
  const route = change.progress?.route;
  if (state === undefined || route === undefined) return undefined;
  if (isPlainLine(job)) return lineText(job, route, state);
  return isPlainJob(job) ? jobText(job, route, state) : undefined;
}

function jobText(job: PlainJob, route: string, state: ToldState): string {
  return `${toldHead(job, route, state, { c: job.created_at, p: job.traceparent })}}`;
}

/** Reads what `placedJobText` and `answeredText` made of a job; undefined of what is told otherwise. */
export function parseToldJob(
  text: string,
  { id, project }: JobReference,
  status: JobStatus,
): JobOutline | undefined {
  const told = toldJobSchema.safeParse(JSON.parse(text)).data;
  if (told === undefined) return undefined;
  return toldOutlines(told, status)({ id, project, created_at: told.c, traceparent: told.p });
}
