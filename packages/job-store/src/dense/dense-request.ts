import {
  DEFAULT_PRIORITY,
  DIALECT_BY_ENDPOINT,
  SCHEMA_VERSION,
  endpointSchema,
  orderNumber,
} from '@understudy/contracts';
import type { Endpoint, JobRequest } from '@understudy/contracts';
import type { JobReference } from '../job-keys.ts';
import { present, unless } from './members.ts';
import type { Members } from './members.ts';

/** What a dense text leaves out. */
export const USUAL_ENDPOINT: Endpoint = '/v1/chat/completions';
const USUAL_LIFE_MS = 86_400_000;

/** A request without what its key, its endpoint or its other members tell already. */
export function denseRequest(request: JobRequest): object {
  const {
    v: _version,
    id: _id,
    project: _project,
    endpoint,
    dialect,
    model,
    priority,
    order,
    traceparent,
    created_at: createdAt,
    expires_at: expiresAt,
    bytes,
    ...rest
  } = request;
  return {
    e: unless(endpoint, USUAL_ENDPOINT),
    d: unless<string>(dialect, DIALECT_BY_ENDPOINT[endpoint]),
    m: model,
    p: unless(priority, DEFAULT_PRIORITY),
    o: unless(order, orderNumber(priority, createdAt)),
    t: traceparent,
    c: createdAt,
    x: unless(expiresAt - createdAt, USUAL_LIFE_MS),
    b: bytes,
    ...rest,
  };
}

/** Reads what `denseRequest` made; a request of the first form, which repeats its id, as it is. */
export function fullRequest(kept: Members, { project, id }: JobReference): Members {
  if ('id' in kept) return kept;
  const {
    e = USUAL_ENDPOINT,
    d,
    m,
    p = DEFAULT_PRIORITY,
    o,
    t,
    c,
    x = USUAL_LIFE_MS,
    b,
    ...rest
  } = kept;
  const endpoint = endpointSchema.parse(e);
  const createdAt = Number(c);
  return present({
    v: SCHEMA_VERSION,
    id,
    project,
    endpoint,
    dialect: d ?? DIALECT_BY_ENDPOINT[endpoint],
    model: m,
    priority: p,
    order: o ?? orderNumber(Number(p), createdAt),
    traceparent: t,
    created_at: createdAt,
    expires_at: createdAt + Number(x),
    bytes: b,
    ...rest,
  });
}
