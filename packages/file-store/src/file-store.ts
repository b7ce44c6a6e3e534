import type { FilePurpose, FileRecord } from '@understudy/contracts';

/** A file was not made: it is more than its project or its key may store. */
export class StorageFullError extends Error {
  override name = 'StorageFullError';
  readonly holder: 'project' | 'key';
  readonly usedBytes: number;

  constructor(holder: 'project' | 'key', usedBytes: number) {
    super(`the files of this ${holder} have ${usedBytes} bytes already`);
    this.holder = holder;
    this.usedBytes = usedBytes;
  }
}

/** A file was not made: the idempotency key that it came with stands for another upload by now. */
export class OtherUploadError extends Error {
  override name = 'OtherUploadError';
}

/** A file as it is now. */
export interface StoredFile {
  record: FileRecord;
  /** Of all parts so far. */
  bytes: number;
  /** False while a batch still writes it. */
  complete: boolean;
}

/** A file and its content, of one moment. */
export interface OpenedFile extends StoredFile {
  /** As FileStore's `content` gives it; whatever became of the file since it was opened. */
  content(start: number): AsyncIterable<Buffer>;
}

export interface FileDraft {
  /** Of the form that `isFileId` takes; known before the bytes come. */
  id: string;
  purpose: FilePurpose;
  filename: string;
  /** Milliseconds since the epoch. */
  expiresAt?: number;
  batch?: string;
  /** Id of the API key that it came with: its bytes are counted for it. */
  key?: string;
  /** Which upload its idempotency key stands for, and for how many milliseconds that is remembered. */
  upload?: { fingerprint: string; rememberedMs: number };
  /** Bytes that its project and its key may store at most. */
  mostBytes?: { project?: number | undefined; key?: number | undefined };
}

/** Bytes that were received and belong to no file yet. */
export interface ReceivedBytes {
  id: string;
  /** Where they stand; of their own, so that receiving twice under an id overwrites nothing. */
  key: string;
  bytes: number;
  sha256: string;
}

export interface FileQuery {
  purpose?: FilePurpose;
  /** Id of the last one seen. */
  after?: string;
  limit: number;
  order?: 'asc' | 'desc';
}

/**
 * The files of projects. Every look-up is made in a project: what belongs to another one is not
 * there. Redis holds the records, `FileBytes` the content.
 */
export interface FileStore {
  /**
   * Streams bytes in under a file id, before the rest of the request is known. A chunk of the source
   * need hold only until the next one is asked for.
   */
  receive(
    project: string,
    id: string,
    source: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<ReceivedBytes>;
  /**
   * Makes a file of received bytes. Atomic; where the id is taken the file stays as it is, and bytes
   * received again are dropped.
   * @throws StorageFullError when it is more than may be stored, or OtherUploadError; nothing is made then
   */
  register(project: string, draft: FileDraft, received: ReceivedBytes): Promise<StoredFile>;
  /** Forgets received bytes that became no file. What a crash leaves is swept later. */
  discard(project: string, received: Pick<ReceivedBytes, 'key'>): Promise<void>;
  read(project: string, id: string): Promise<StoredFile | undefined>;
  /**
   * The record together with what is there of the content: of a file that grows, and whose lines are put
   * into another order in the end, neither says anything of another moment of the other.
   */
  open(project: string, id: string): Promise<OpenedFile | undefined>;
  /**
   * The content from byte `start` on, part after part. Of a file that grows: what is there now.
   * Undefined when the file is not there.
   */
  content(project: string, id: string, start?: number): Promise<AsyncIterable<Buffer> | undefined>;
  /**
   * Has a file that is to expire earlier expire at `at`, in milliseconds since the epoch; atomic. False
   * when it is not there.
   */
  keepUntil(project: string, id: string, at: number): Promise<boolean>;
  /**
   * Has sweeps leave files until `at`, in milliseconds since the epoch, whenever their records say that
   * they expire; none is read. What is not there, or never expires, stays as it is. Atomic for each file.
   */
  putOff(files: readonly { project: string; id: string }[], at: number): Promise<void>;
  /**
   * Newest first unless `order` says otherwise; `hasMore` where more follow. What does not open is left out. A file that was removed
   * within the hour still serves as `after`; one that never was is BrokerError `invalid_request`.
   */
  list(project: string, query: FileQuery): Promise<{ files: StoredFile[]; hasMore: boolean }>;
  /**
   * Makes a file without parts that grows as a batch commits them (see FileKeys); repeating it
   * changes nothing. Atomic.
   */
  openOutput(project: string, draft: FileDraft): Promise<StoredFile>;
  /**
   * Record first, then the bytes; bytes that cannot be reached now are swept later. False when it
   * was not there.
   */
  remove(project: string, id: string): Promise<boolean>;
  /**
   * Removes what has expired; and bytes without a record that are older than a day, unless another
   * broker keeps its files in the same place.
   */
  sweep(now: number): Promise<{ expired: number; orphaned: number }>;
}
