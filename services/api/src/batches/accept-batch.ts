import type { IncomingHttpHeaders } from 'node:http';
import {
  BATCH_PRIORITY,
  BrokerError,
  SCHEMA_VERSION,
  TERMINAL_BATCH_STATUSES,
} from '@understudy/contracts';
import type { BatchRecord, BatchRequest, EventType } from '@understudy/contracts';
import { holdersOf, permittedPriority } from '@understudy/limits';
import type { Caller } from '@understudy/limits';
import { checkCallback, checkProviders, createId, idOfKey } from '@understudy/submission';
import type { ApiParts } from '../api-parts.ts';
import type { BrokerOptions } from '../requests/broker-headers.ts';
import { mismatch, readIdempotencyKey } from '../requests/idempotency-key.ts';
import type { RepeatablePost } from '../requests/rejoin.ts';
import { traceContextOf } from '../requests/trace-context.ts';

type Parts = Pick<ApiParts, 'batches' | 'dispatch' | 'rejoin'>;

/** Of a request that makes a batch: who asks, and what makes another one the same. */
export interface BatchPost {
  caller: Caller;
  headers: IncomingHttpHeaders;
  /** Equal for requests that ask for the same; compared where an idempotency key repeats. */
  fingerprint(): string;
  /** Equal for the same bytes, as an SDK's retry sends them. */
  receivedFingerprint(): string;
}

/** Under which id a batch is to be made, and the batch where that was done before. */
export interface BatchIdentity {
  id: string;
  fingerprint: string | undefined;
  existing?: BatchRecord;
}

/** What a batch is made of, beside who asks. Durations in milliseconds. */
export interface BatchDraft extends Pick<
  BatchRequest,
  'surface' | 'endpoint' | 'input_file_id' | 'lines' | 'output_life_ms'
> {
  metadata?: Record<string, string> | undefined;
  lifeMs: number;
  options: BrokerOptions;
}

const END_EVENTS = TERMINAL_BATCH_STATUSES.map((status): EventType => `batch.${status}`);
const PREFIX_BY_SURFACE = { openai: 'batch_', anthropic: 'msgbatch_' } as const;

/**
 * Finds the batch that an earlier request made, which this one repeats by its idempotency key or as
 * an SDK's retry; or says under which id to make it.
 * @throws BrokerError 422 when the key came with another request before
 */
export async function identifyBatch(
  { batches, dispatch, rejoin }: Parts,
  surface: BatchDraft['surface'],
  post: BatchPost,
): Promise<BatchIdentity> {
  const { headers } = post;
  const { project } = post.caller;
  const prefix = PREFIX_BY_SURFACE[surface];
  const key = readIdempotencyKey(headers['idempotency-key']);
  if (key !== undefined) {
    const identity = { id: idOfKey(prefix, project, key), fingerprint: post.fingerprint() };
    const existing = await batches.read(project, identity.id);
    return existing === undefined ? identity : same(identity, existing);
  }
  const { id, rejoined } = await rejoin.idFor(repeatablePost(post), () =>
    createId(prefix, dispatch.clock.now()),
  );
  const existing = rejoined ? await batches.read(project, id) : undefined;
  return { id, fingerprint: undefined, ...(existing === undefined ? {} : { existing }) };
}

/** Of a request that was refused nothing is remembered. */
export async function forgetBatchPost({ rejoin }: Parts, post: BatchPost): Promise<void> {
  if (post.headers['idempotency-key'] === undefined) await rejoin.forget(repeatablePost(post));
}

/** By which an SDK's retry is known. */
function repeatablePost(post: BatchPost): RepeatablePost {
  const retryCount = post.headers['x-stainless-retry-count'];
  const fingerprint = retryCount === undefined ? '' : post.receivedFingerprint();
  return { project: post.caller.project, fingerprint, retryCount };
}

/**
 * Keeps the batch; from then on it will be run. `existing` is set where an equal request was faster.
 * Whether Redis has room is for the caller to ask, and what it may ask for to check, before it keeps
 * anything for the batch.
 * @throws BrokerError
 */
export async function createBatch(
  { batches, dispatch }: Parts,
  { caller, headers }: Pick<BatchPost, 'caller' | 'headers'>,
  { id, fingerprint }: BatchIdentity,
  draft: BatchDraft,
): Promise<{ batch: BatchRecord; replayed: boolean }> {
  const { options, lifeMs, metadata, lines, ...rest } = draft;
  const { providers, maxCost } = options;
  const { project, key, keyLimits } = caller;
  const { priority, callback } = checkBatchOptions({ dispatch }, caller, options);
  const now = dispatch.clock.now();
  const merged = { ...options.metadata, ...metadata };
  const result = await batches.create({
    v: SCHEMA_VERSION,
    id,
    project,
    ...rest,
    ...(lines === undefined ? {} : { lines }),
    priority,
    ...(providers === undefined ? {} : { providers }),
    ...(maxCost === undefined ? {} : { max_cost: maxCost }),
    ...(Object.keys(merged).length === 0 ? {} : { metadata: merged }),
    ...(callback === undefined ? {} : { callback }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(key === undefined ? {} : { key }),
    ...(keyLimits === undefined ? {} : { key_limits: keyLimits }),
    ...traceContextOf(headers),
    created_at: now,
    expires_at: now + lifeMs,
  });
  if (result.kind === 'gone') {
    if (result.fingerprint !== (fingerprint ?? '')) throw mismatch();
    throw new BrokerError('gone', 'the batch that this Idempotency-Key made is no longer kept', {
      param: 'Idempotency-Key',
    });
  }
  if (result.kind === 'exists') same({ id, fingerprint }, result.batch);
  return { batch: result.batch, replayed: result.kind === 'exists' };
}

/**
 * The priority of a batch, and who is told of its end: of all four ends unless the caller says otherwise.
 * @throws BrokerError for a priority that the caller may not have, providers that are not configured, or
 *   a URL that may not be called
 */
export function checkBatchOptions(
  { dispatch }: Pick<Parts, 'dispatch'>,
  caller: Caller,
  { callback, priority: wanted, providers }: BrokerOptions,
): Pick<BatchRequest, 'priority' | 'callback'> {
  const views = dispatch.views();
  const holders = holdersOf(caller, views.settings.projects);
  const priority = permittedPriority(holders, wanted, BATCH_PRIORITY);
  checkProviders(providers === undefined ? {} : { providers }, views);
  if (callback === undefined) return { priority };
  const events = callback.events ?? [...END_EVENTS];
  return {
    priority,
    callback: checkCallback({ ...callback, events }, views.settings.outbound),
  };
}

function same(identity: BatchIdentity, existing: BatchRecord): BatchIdentity {
  if (existing.request.fingerprint !== identity.fingerprint) throw mismatch();
  return { ...identity, existing };
}
