import type { Readable } from 'node:stream';

export interface WrittenBytes {
  /** Where they stand: the key that was asked for, with a mark behind it where they are encrypted. */
  key: string;
  bytes: number;
  /** SHA-256 of the content, hex. */
  sha256: string;
}

/**
 * The place where bytes live: a folder, or a bucket. Knows nothing of projects and files; a key is a
 * path of plain segments, made by the broker alone; any other is refused with a TypeError. Where
 * the place fails, calls reject with BrokerError `unavailable`, which never names a path or a key.
 */
export interface FileBytes {
  /**
   * Streams the source, keeping no chunk of it once the next one is asked for. The key appears only once everything is
   * there and durable, replacing what stood under it; a source that fails leaves nothing.
   * @param maxBytes the write is refused beyond it, with BrokerError `body_too_large`
   */
  write(
    key: string,
    source: AsyncIterable<Uint8Array>,
    options?: { maxBytes?: number },
  ): Promise<WrittenBytes>;
  /**
   * From `start` on, up to `end` (exclusive) where given; beyond the end there is nothing. Undefined
   * when nothing stands there. Whoever gets a stream reads it to its end, or destroys it.
   */
  read(key: string, range?: { start: number; end?: number }): Promise<Readable | undefined>;
  /** Removing what is not there is no error. */
  remove(keys: readonly string[]): Promise<void>;
  /** Every key below a prefix that ends in `/`, in any order, with the time of its last change. */
  list(prefix: string): AsyncIterable<{ key: string; changedAt: number }>;
  /**
   * Removes what writes that were cut off before `before`, in milliseconds, left behind; where it can
   * be told what they were to be, of keys that are `own` alone.
   */
  removeAbandoned(before: number, own: (key: string) => boolean): Promise<void>;
  /**
   * Makes sure that a mark stands in the place, which is no key in it.
   * @returns the marks of all who use the place
   */
  mark(name: string): Promise<string[]>;
  /** Throws, with the remedy in the message, where the place cannot be written to. */
  check(): Promise<void>;
}
