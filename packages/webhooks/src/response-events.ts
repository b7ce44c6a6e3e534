import { eventIdOf, isTerminal } from '@understudy/contracts';
import type { EventType, JobStatus } from '@understudy/contracts';
import type { JobOutline } from '@understudy/job-store';
import type { WebhookEvent } from './delivery.ts';

type ResponseEventType = Extract<EventType, `response.${string}`>;

/** OpenAI knows no Response that expired. Whether a completed one is incomplete, its answer says. */
const TYPES_BY_STATUS: Readonly<Partial<Record<JobStatus, readonly ResponseEventType[]>>> = {
  completed: ['response.completed', 'response.incomplete'],
  failed: ['response.failed'],
  expired: ['response.failed'],
  cancelled: ['response.cancelled'],
};

/**
 * What the end of a job may be told as to those who listen for Responses: one event for each type
 * that is possible by the record, of which one is true. None for a job that is no Response of
 * OpenAI's surface, or a line of a batch.
 * @param version of the record, with its end
 */
export function possibleResponseEvents(record: JobOutline, version: number): WebhookEvent[] {
  const { request, status, completedAt } = record;
  const isResponse = request.endpoint === '/v1/responses' && request.batch === undefined;
  if (!isResponse || !isTerminal(status)) return [];
  if (request.background !== true && request.surface !== 'openai') return [];
  return (TYPES_BY_STATUS[status] ?? []).map((type) => ({
    // Beside the event of the job itself, which has the same version.
    id: `${eventIdOf(request.id, { version })}_response`,
    type,
    project: request.project,
    job: request.id,
    at: completedAt ?? request.created_at,
    traceparent: request.traceparent,
  }));
}
