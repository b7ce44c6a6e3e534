import type { BatchRecord, BatchRequest } from '@understudy/contracts';

export type CreateBatchResult =
  | { kind: 'created'; batch: BatchRecord }
  /** A batch of this id exists: the request was repeated. */
  | { kind: 'exists'; batch: BatchRecord }
  /** It was repeated after the batch was no longer kept. */
  | { kind: 'gone'; fingerprint: string };

export interface BatchQuery {
  surface: 'openai' | 'anthropic';
  /** Id of the last one seen; what follows it is older. */
  after?: string;
  /** Id of the first one seen; what stands before it is newer. */
  before?: string;
  limit: number;
}

/** Batches as their owners see them. What belongs to another project is not there. */
export interface BatchStore {
  /** When this resolves the batch is kept and will be run. */
  create(request: BatchRequest): Promise<CreateBatchResult>;
  read(project: string, id: string): Promise<BatchRecord | undefined>;
  /** Newest first; without those that do not open. */
  list(project: string, query: BatchQuery): Promise<{ batches: BatchRecord[]; hasMore: boolean }>;
  /**
   * Asks the batch to stop: within seconds no line starts any more, and running ones are cancelled.
   * One that has ended, or is ending, stays as it is. Undefined when it is not there.
   */
  cancel(project: string, id: string, now: number): Promise<BatchRecord | undefined>;
  /** Forgets an ended batch. `running` when it has not ended. Its files are not touched. */
  remove(project: string, id: string): Promise<'removed' | 'running' | 'missing'>;
}
