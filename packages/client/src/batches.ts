import { anySignal } from './any-signal.ts';
import { answered, byId } from './connection.ts';
import type { Connection } from './connection.ts';
import { itemsOf } from './pages.ts';
import type { Batch, BatchStatus, NewBatch } from './types.ts';
import { waitAtMost } from './wait-at-most.ts';
import type { WaitOptions } from './wait-at-most.ts';

export interface CreateBatchOptions {
  /** Creating twice under one key makes one batch. One of its own for each call where absent. */
  idempotencyKey?: string | undefined;
  /** `high`, `normal`, `low` or 0 to 9; that of batches is low. */
  priority?: string | number | undefined;
  /** Called when the batch is one that an earlier call under this key had made. */
  onReplay?: (() => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface WaitForBatchOptions extends WaitOptions {
  /** Called each time the batch was looked at. */
  onProgress?: (batch: Batch) => void;
}

export interface Batches {
  create(batch: NewBatch, options?: CreateBatchOptions): Promise<Batch>;
  get(id: string, options?: { signal?: AbortSignal | undefined }): Promise<Batch>;
  /** Newest first. */
  list(): AsyncGenerator<Batch, void, undefined>;
  /** Stops it within seconds; what was answered before is in its files. */
  cancel(id: string): Promise<Batch>;
  /**
   * Resolves once the batch has ended, however it did: look at `status`.
   * @throws UnderstudyError `timeout` when it has not ended in time; it goes on all the same
   */
  wait(id: string, options?: WaitForBatchOptions): Promise<Batch>;
}

const ENDS: readonly BatchStatus[] = ['completed', 'failed', 'expired', 'cancelled'];
const PAGE_LIMIT = 100;
const FIRST_LOOK_MS = 250;
const LONGEST_LOOK_MS = 2000;

export function createBatches({ api, signal: always }: Connection): Batches {
  return {
    create: async (batch, { idempotencyKey, priority, onReplay, signal } = {}) => {
      const answer = await api.POST('/v1/batches', {
        body: { completion_window: '24h', ...batch },
        headers: {
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          ...(priority === undefined ? {} : { 'understudy-priority': String(priority) }),
        },
        ...(signal === undefined ? {} : { signal }),
      });
      if (answer.response.headers.get('idempotency-replayed') === 'true') onReplay?.();
      return answered(answer);
    },
    get: async (id, { signal } = {}) =>
      answered(
        await api.GET('/v1/batches/{id}', {
          ...byId(id),
          ...(signal === undefined ? {} : { signal }),
        }),
      ),
    list: () =>
      itemsOf(async (after) => {
        const query = { limit: PAGE_LIMIT, ...(after === undefined ? {} : { after }) };
        return answered(await api.GET('/v1/batches', { params: { query } }));
      }),
    cancel: async (id) => answered(await api.POST('/v1/batches/{id}/cancel', byId(id))),
    wait: (id, { timeoutMs, signal: own, onProgress } = {}) => {
      const options = { timeoutMs, signal: anySignal(always, own) };
      let nextMs = FIRST_LOOK_MS;
      return waitAtMost(`the batch ${id}`, options, async (_leftMs, signal) => {
        const batch = answered(await api.GET('/v1/batches/{id}', { ...byId(id), signal }));
        onProgress?.(batch);
        if (ENDS.includes(batch.status)) return { ended: batch };
        const againMs = nextMs;
        nextMs = Math.min(nextMs * 2, LONGEST_LOOK_MS);
        return { status: batch.status, againMs };
      });
    },
  };
}
