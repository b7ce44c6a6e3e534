import type { JobRecord } from '@understudy/contracts';
import { editTopLevel, topLevelMembers } from '@understudy/provider';
import type { JsonObject } from '@understudy/provider';
import { withIdPrefix } from '@understudy/submission';
import { repeatedMembers } from './repeated-members.ts';
import { responseError } from './response-error.ts';
import { isBackground } from './stored-response.ts';
import type { StoredResponse } from './stored-response.ts';

/**
 * The Response that a job is, as JSON. Of a completed one these are the bytes of the answer: our id
 * stands in it, and a member that a Response must have and the provider left out is added.
 */
export function renderResponse(response: StoredResponse): Buffer {
  const { answer } = response;
  if (answer === undefined) return Buffer.from(JSON.stringify(unansweredResponse(response)));
  const given = topLevelMembers(answer);
  const members = responseAt(response, 'completed');
  const lacking = Object.entries(members).filter(([name]) => !given.has(name));
  const { id, background, created_at, metadata } = members;
  const asked = response.request('metadata') ?? undefined;
  return Buffer.from(
    editTopLevel(answer, {
      ...Object.fromEntries(lacking),
      id,
      ...goingOnFrom(response),
      background,
      ...(asked === undefined ? {} : { metadata }),
      // Whoever polls a Response sees it created once.
      ...(background === true ? { created_at } : {}),
    }),
  );
}

/** A Response that has no answer, yet or for good. */
function unansweredResponse(response: StoredResponse): JsonObject {
  const { record } = response.stored;
  const members = responseAt(response, statusOf(record));
  return members['status'] === 'failed' ? { ...members, error: responseError(record) } : members;
}

/** The Response as it is, or was, when it has come to a status without an answer. */
export function responseAt(response: StoredResponse, status: string): Record<string, unknown> {
  const { request } = response.stored.record;
  return {
    id: withIdPrefix('resp_', request.id),
    object: 'response',
    created_at: Math.floor(request.created_at / 1000),
    status,
    background: isBackground(response),
    error: null,
    incomplete_details: null,
    model: request.model,
    output: [],
    access_programs: null,
    ...repeatedMembers(response.request),
    ...goingOnFrom(response),
  };
}

/** The Response that it goes on from, by our id: request and answer have the vendor's. */
function goingOnFrom({ stored }: StoredResponse): JsonObject {
  const { previous_response_id: previous } = stored.record.request;
  return previous === undefined ? {} : { previous_response_id: previous };
}

/** OpenAI's words for where a job stands. What has been begun does not become queued again. */
function statusOf({ status, startedAt }: JobRecord): string {
  if (status === 'queued' && startedAt !== undefined) return 'in_progress';
  return status === 'expired' ? 'failed' : status;
}
