import type { FilePurpose, FileRecord } from '@understudy/contracts';

/** A file as it is now. */
export interface StoredFile {
  record: FileRecord;
  /** Of all parts so far. */
  bytes: number;
  /** False while a batch still writes it. */
  complete: boolean;
}

export interface FileDraft {
  /** Made by `createFileId`, before the bytes come. */
  id: string;
  purpose: FilePurpose;
  filename: string;
  /** Milliseconds since the epoch. */
  expiresAt?: number;
  batch?: string;
}

/** Bytes that were received and belong to no file yet. */
export interface ReceivedBytes {
  id: string;
  bytes: number;
  sha256: string;
}

/**
 * The files of projects. Every look-up is made in a project: what belongs to another one is not
 * there. Redis holds the records, `FileBytes` the content.
 */
export interface FileStore {
  /** Streams bytes in under a file id, before the rest of the request is known. */
  receive(
    project: string,
    id: string,
    source: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<ReceivedBytes>;
  /** Makes a file of received bytes; repeating it changes nothing. Atomic. */
  register(project: string, draft: FileDraft, received: ReceivedBytes): Promise<StoredFile>;
  /** Forgets received bytes that became no file. What a crash leaves is swept later. */
  discard(project: string, received: Pick<ReceivedBytes, 'id'>): Promise<void>;
  read(project: string, id: string): Promise<StoredFile | undefined>;
  /**
   * The content from byte `start` on, part after part. Of a file that grows: what is there now.
   * Undefined when the file is not there.
   */
  content(project: string, id: string, start?: number): Promise<AsyncIterable<Buffer> | undefined>;
  /** Newest first unless `order` says otherwise; `hasMore` where more follow. */
  list(
    project: string,
    query: { purpose?: FilePurpose; after?: string; limit: number; order?: 'asc' | 'desc' },
  ): Promise<{ files: StoredFile[]; hasMore: boolean }>;
  /** Record first, then the bytes. False when it was not there. */
  remove(project: string, id: string): Promise<boolean>;
  /** Removes what has expired, and bytes without a record that are older than a day. */
  sweep(now: number): Promise<{ expired: number; orphaned: number }>;
}
