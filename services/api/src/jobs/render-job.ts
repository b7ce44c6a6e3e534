import { hash } from 'node:crypto';
import { isTerminal } from '@understudy/contracts';
import type { Callback, JobRecord } from '@understudy/contracts';
import { attemptWithoutPayload, endWithoutPayload } from '@understudy/job-store';
import type { StoredJob } from '@understudy/job-store';
import { instant } from '../answers/instant.ts';
import type { JobSummary, JobView } from '../schemas/job-schemas.ts';
import { renderAttempt } from './render-attempt.ts';

/** A job without attempts and result, for lists. Unset members are omitted. */
export function renderSummary(record: JobRecord): JobSummary {
  const { request, progress, status, startedAt, completedAt, end, payloadForgotten } = record;
  const { place } = progress;
  const waiting = status === 'queued' && place.kind === 'waiting' ? place : undefined;
  const current = currentTarget(record);
  return {
    id: request.id,
    object: 'job',
    status,
    project: request.project,
    endpoint: request.endpoint,
    model: request.model,
    route: progress.route,
    priority: request.priority,
    created_at: instant(request.created_at),
    ...(startedAt === undefined ? {} : { started_at: instant(startedAt) }),
    ...(waiting === undefined ? {} : { next_attempt_at: instant(waiting.until) }),
    ...(completedAt === undefined ? {} : { completed_at: instant(completedAt) }),
    expires_at: instant(request.expires_at),
    ...(request.metadata === undefined ? {} : { metadata: request.metadata }),
    ...(request.bytes === undefined ? {} : { request_bytes: request.bytes }),
    ...(request.batch === undefined ? {} : { batch: request.batch }),
    ...(request.providers === undefined ? {} : { providers: request.providers }),
    ...(request.store === undefined ? {} : { store: request.store }),
    ...(payloadForgotten === undefined ? {} : { payload_forgotten: payloadForgotten }),
    ...(request.max_cost === undefined ? {} : { max_cost: request.max_cost }),
    ...(request.retry_of === undefined ? {} : { retry_of: request.retry_of }),
    ...(request.callback === undefined ? {} : { callback: renderCallback(request.callback) }),
    ...(end?.usage === undefined ? {} : { usage: end.usage }),
    ...(end?.cost === undefined ? {} : { cost: end.cost }),
    ...(end?.error === undefined ? {} : { error: end.error }),
    ...(current === undefined ? {} : { current }),
    ...(waiting === undefined
      ? {}
      : {
          waiting: {
            reason: waiting.reason,
            until: instant(waiting.until),
            rooms: waiting.rooms,
          },
        }),
  };
}

function currentTarget({
  status,
  progress: { place },
  runningSince,
}: JobRecord): JobSummary['current'] {
  if (isTerminal(status) || place.kind !== 'queue') return undefined;
  const { provider, model_sent: model, target } = place.planned;
  return {
    provider,
    ...(model === undefined ? {} : { model }),
    target,
    since: instant(runningSince ?? place.since),
  };
}

/** All but the secret. */
function renderCallback({ url, events, include }: Callback): NonNullable<JobSummary['callback']> {
  return { url, events, ...(include === undefined ? {} : { include }) };
}

/** All of a job but the answer itself. */
function renderWithoutAnswer({ record, attempts }: StoredJob): Omit<JobView, 'result'> {
  return {
    ...renderSummary(record),
    attempts: attempts.map(renderAttempt),
    waits: record.progress.waits.map(({ reason, until, started_at, ended_at }) => ({
      reason,
      until: instant(until),
      started_at: instant(started_at),
      ...(ended_at === undefined ? {} : { ended_at: instant(ended_at) }),
    })),
  };
}

export interface JobRepresentation {
  /** Changes exactly when the representation does. */
  etag: string;
  /** The JSON, with the answer's bytes as the provider sent them. */
  json(answer: Buffer | undefined): Buffer | string;
}

const HIDDEN = 'what the provider said is shown to keys with the scope read';

/** A record without what anybody wrote of content: for those who may see all else. */
export function withoutContent(record: JobRecord): JobRecord {
  const { end } = record;
  return end === undefined ? record : { ...record, end: endWithoutPayload(end, HIDDEN) };
}

/**
 * What `GET` of the job gives, with content or without. The tag is a hash of all but the answer's bytes, which never change
 * once they are there: so whether a caller's copy is fresh is known without reading them.
 * @param leavesAnswer no answer will be given: a copy without it is none of the whole
 */
export function representJob(
  stored: StoredJob,
  showsContent: boolean,
  leavesAnswer = false,
): JobRepresentation {
  const shown = showsContent
    ? stored
    : {
        record: withoutContent(stored.record),
        attempts: stored.attempts.map(attemptWithoutPayload),
      };
  const head = JSON.stringify(renderWithoutAnswer(shown));
  const origin = originOf(stored.record);
  const left = (showsContent ? '' : HIDDEN) + (leavesAnswer ? 'without the answer' : '');
  const digest = hash('sha256', head + origin + left, 'base64url');
  return {
    etag: `"${digest.slice(0, 22)}"`,
    json: (answer) => {
      // A text goes out in one piece with the headers before it.
      if (origin === '') return head;
      const open = `${head.slice(0, -1)},"result":${origin.slice(0, -1)}`;
      if (answer === undefined) return `${open}}}`;
      return Buffer.concat([Buffer.from(`${open},"body":`), answer, Buffer.from('}}')]);
    },
  };
}

/** Who gave the answer, and where it is if not here; empty where there is none. */
function originOf({ end, resultFile: file }: JobRecord): string {
  if (end?.result === undefined) return '';
  return JSON.stringify({ ...end.result, ...(file === undefined ? {} : { file }) });
}

/** Whether `If-None-Match` (RFC 9110, section 13.1.2: weak comparison) names the tag. */
export function namesTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
