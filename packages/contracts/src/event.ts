import { z } from 'zod';

/** What can happen to a job that somebody outside may want to hear of. */
export const eventTypeSchema = z.enum([
  'job.completed',
  'job.failed',
  'job.cancelled',
  'job.expired',
  /** Told only where it was asked for. */
  'job.attempt_failed',
  'batch.completed',
  'batch.failed',
  'batch.expired',
  'batch.cancelled',
  /** In OpenAI's shape, of Responses that were asked for in the background; only where asked for. */
  'response.completed',
  'response.failed',
  'response.cancelled',
  'response.incomplete',
]);
export type EventType = z.infer<typeof eventTypeSchema>;

/** What a callback hears of unless it says otherwise. */
export const DEFAULT_EVENTS: readonly EventType[] = [
  'job.completed',
  'job.failed',
  'job.cancelled',
  'job.expired',
];

/** Where a single job's events are delivered, as the caller asked at submit. */
export const callbackSchema = z.object({
  url: z.string(),
  events: z.array(eventTypeSchema),
  /** `whsec_…`; the project's default secret where absent. Never shown again. */
  secret: z.string().optional(),
  /** Put the answer into the event, where it is small enough. */
  include: z.literal('result').optional(),
});
export type Callback = z.infer<typeof callbackSchema>;

/**
 * The stable id of an event: the same however often it is relayed or delivered. Of a change of a
 * job by the record's version, of an attempt by its number. Holds no `.`, which the signature of a
 * delivery uses as separator.
 */
export function eventIdOf(
  jobId: string,
  source: { version: number } | { attempt: number },
): string {
  const suffix = 'version' in source ? `v${source.version}` : `a${source.attempt}`;
  return `evt_${jobId.replace(/^job_/, '')}_${suffix}`;
}
