import {
  attemptSchema,
  costSchema,
  endpointSchema,
  eventIdOf,
  isTerminal,
  jobErrorSchema,
  jobStatusSchema,
  usageSchema,
} from '@understudy/contracts';
import type { Attempt, JobStatus } from '@understudy/contracts';
import { z } from 'zod';
import type { JobOutline } from './job-outline.ts';

/** What a failed attempt lets everybody know: who was asked, and which rule decided. */
const eventAttemptSchema = attemptSchema.pick({
  number: true,
  round: true,
  target: true,
  provider: true,
  model_sent: true,
  outcome: true,
  status_code: true,
  verdict: true,
  rule: true,
  duration_ms: true,
});

/**
 * Something that happened to a job, as it is told to its project. Thin: nothing a caller or a
 * provider wrote is in it, so that a listener learns more only by asking for the job.
 */
export const publicEventSchema = z.object({
  /** The same on every road and however often it is told. */
  id: z.string(),
  object: z.literal('event'),
  /** `job.` and the status the job came to, or `job.attempt_failed`. */
  type: z.string(),
  created_at: z.iso.datetime(),
  data: z.object({
    id: z.string(),
    object: z.literal('job'),
    status: jobStatusSchema,
    links: z.object({ self: z.string() }),
    endpoint: endpointSchema.optional(),
    model: z.string().optional(),
    route: z.string().optional(),
    /** Of a job that waits: the earliest instant at which it may go on. */
    next_attempt_at: z.iso.datetime().optional(),
    /** Of a job that has ended. */
    usage: usageSchema.optional(),
    cost: costSchema.optional(),
    error: jobErrorSchema
      .pick({ code: true, provider: true, status_code: true, rule: true })
      .optional(),
    /** Of `job.attempt_failed`. */
    attempt: eventAttemptSchema.optional(),
  }),
});
export type PublicEvent = z.infer<typeof publicEventSchema>;

/** A change of a job, to be told of. */
interface ToldChange {
  id: string;
  version: number;
  status: JobStatus;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Tells that a job came to a status. `record` is undefined when the job is no longer kept. */
export function statusEvent(change: ToldChange, record: JobOutline | undefined): PublicEvent {
  const { id, version, status, at } = change;
  return {
    id: eventIdOf(id, { version }),
    object: 'event',
    type: `job.${status}`,
    created_at: new Date(at).toISOString(),
    data: { ...dataOf(id, status, record), ...endOf(status, record), ...pauseOf(status, record) },
  };
}

/** Tells that one attempt of a job failed. */
export function attemptEvent(id: string, attempt: Attempt, record: JobOutline): PublicEvent {
  return {
    id: eventIdOf(id, { attempt: attempt.number }),
    object: 'event',
    type: 'job.attempt_failed',
    created_at: new Date(attempt.started_at + (attempt.duration_ms ?? 0)).toISOString(),
    data: { ...dataOf(id, record.status, record), attempt: eventAttemptSchema.parse(attempt) },
  };
}

function dataOf(
  id: string,
  status: JobStatus,
  record: JobOutline | undefined,
): PublicEvent['data'] {
  return {
    id,
    object: 'job',
    status,
    links: { self: `/v1/jobs/${id}` },
    ...(record === undefined
      ? {}
      : {
          endpoint: record.request.endpoint,
          model: record.request.model,
          route: record.progress.route,
        }),
  };
}

function endOf(status: JobStatus, record: JobOutline | undefined): Partial<PublicEvent['data']> {
  const end = record?.end;
  if (!isTerminal(status) || end === undefined) return {};
  const { usage, cost, error } = end;
  return {
    ...(usage === undefined ? {} : { usage }),
    ...(cost === undefined ? {} : { cost }),
    ...(error === undefined
      ? {}
      : { error: publicEventSchema.shape.data.shape.error.unwrap().parse(error) }),
  };
}

function pauseOf(status: JobStatus, record: JobOutline | undefined): Partial<PublicEvent['data']> {
  const place = record?.progress.place;
  if (status !== 'queued' || place?.kind !== 'waiting') return {};
  return { next_attempt_at: new Date(place.until).toISOString() };
}
