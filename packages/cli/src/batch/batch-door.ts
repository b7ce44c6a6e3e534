import type { Endpoint } from '@understudy/contracts';
import type { BatchView } from './batch-view.ts';
import type { BatchOptions } from './run-key.ts';

/** What a run asks of the broker. Each call fails as the client does, and may then be repeated. */
export interface BatchDoor {
  /** Uploads a file; the same key and bytes give the same file again. Resolves with its id. */
  upload(path: string, key: string, signal: AbortSignal): Promise<string>;
  /** Makes a batch; the same key gives the same batch again, `replayed`. */
  create(
    input: { fileId: string; endpoint: Endpoint; options: BatchOptions },
    key: string,
    signal: AbortSignal,
  ): Promise<{ batch: BatchView; replayed: boolean }>;
  get(id: string, signal: AbortSignal): Promise<BatchView>;
  /** The bytes of a file, as they are now. */
  content(fileId: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /**
   * What stands from `offset` on in a file that grows. Nothing once it is whole: then its lines
   * stand in another order, and what follows there is not what is new.
   */
  growth(fileId: string, offset: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
}
