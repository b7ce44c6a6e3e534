import type { Attempt, JobRecord, JobStatus } from '@understudy/contracts';
import { jobStatusSchema } from '@understudy/contracts';
import { attemptEvent, statusEvent } from '@understudy/job-store';
import type { PublicEvent } from '@understudy/job-store';
import type { EventShape, WebhookEvent } from './delivery.ts';
import { renderOpenAiEvent } from './render-openai-event.ts';

/** What a payload is made from. What is no longer kept is absent, and its members with it. */
export interface EventSource {
  record?: JobRecord;
  /** Of `job.attempt_failed`. */
  attempt?: Attempt;
  /** The answer's bytes, where it is to be in the event. */
  result?: Buffer;
  /** Answers above this are left out, and the event says so. */
  maxResultBytes: number;
}

/** One renderer for each shape; vendors' own shapes stand beside ours. */
const RENDERERS: Readonly<
  Record<EventShape, (event: WebhookEvent, source: EventSource) => string>
> = { understudy: renderOwnEvent, openai: renderOpenAiEvent };

/**
 * The body of a delivery. Rendered once: retries send the same bytes.
 * @returns JSON, with the answer's bytes as the provider sent them
 */
export function renderEvent(event: WebhookEvent, source: EventSource, shape: EventShape): string {
  return RENDERERS[shape](event, source);
}

function renderOwnEvent(event: WebhookEvent, source: EventSource): string {
  const { id, object, type, created_at: createdAt, data } = publicEventOf(event, source);
  const head = { id, object, type, timestamp: createdAt };
  const test = event.job === undefined ? { test: true } : {};
  return withData(JSON.stringify(head), JSON.stringify({ ...data, ...test }), source);
}

/** The same event as listeners of the stream get it. */
function publicEventOf(event: WebhookEvent, source: EventSource): PublicEvent {
  const { record, attempt } = source;
  const job = event.job ?? `job_${event.id.replace(/^evt_/, '')}`;
  if (attempt !== undefined && record !== undefined) {
    return { ...attemptEvent(job, attempt, record), id: event.id };
  }
  const change = { id: job, version: 0, status: statusOf(event), at: event.at };
  return { ...statusEvent(change, record), id: event.id, type: event.type };
}

function statusOf(event: WebhookEvent): JobStatus {
  const status = jobStatusSchema.safeParse(event.type.replace(/^job\./, ''));
  return status.success ? status.data : 'in_progress';
}

/** The answer goes in as it came: parsing it would change large numbers. */
function withData(head: string, data: string, { record, result, maxResultBytes }: EventSource) {
  const open = `${head.slice(0, -1)},"data":`;
  if (result === undefined) return `${open}${data}}`;
  const body =
    result.length > maxResultBytes
      ? '"result_omitted":"too_large"'
      : `"result":${resultOf(record, result)}`;
  return `${open}${data.slice(0, -1)},${body}}}`;
}

function resultOf(record: JobRecord | undefined, result: Buffer): string {
  const origin = JSON.stringify(record?.end?.result ?? {});
  const separator = origin === '{}' ? '' : ',';
  return `${origin.slice(0, -1)}${separator}"body":${result.toString('utf8')}}`;
}
