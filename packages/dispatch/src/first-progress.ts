import type { JobProgress, JobRequest } from '@understudy/contracts';
import { SCHEMA_VERSION } from '@understudy/contracts';

/** A job that has not been planned yet. The place is a formality: planning replaces it. */
export function firstProgress(request: JobRequest): JobProgress {
  return {
    v: SCHEMA_VERSION,
    route: request.model,
    round: 1,
    calls: 0,
    round_calls: 0,
    visited: [],
    closed: {},
    draws: {},
    place: {
      kind: 'waiting',
      since: request.created_at,
      reason: 'backoff',
      until: request.created_at,
      rooms: [],
    },
    waits: [],
    skips: {},
  };
}
