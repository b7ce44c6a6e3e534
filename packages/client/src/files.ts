import { answered, byId } from './connection.ts';
import type { Connection } from './connection.ts';
import { multipartOf } from './multipart.ts';
import { itemsOf } from './pages.ts';
import type { FileObject } from './types.ts';
import { UnderstudyError } from './understudy-error.ts';
import { withoutFirst } from './without-first.ts';

/**
 * A `Blob` can be read again when the connection breaks, and so can what a function opens anew. A
 * stream cannot: an upload of one is tried once.
 */
export type FileContent =
  | Blob
  | ReadableStream<Uint8Array>
  | (() => ReadableStream<Uint8Array> | Promise<ReadableStream<Uint8Array>>);

export interface UploadOptions {
  filename: string;
  /** `batch` unless told. */
  purpose?: string;
  /** Kept for the broker's usual time where absent. */
  expiresAfterSeconds?: number;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export interface ContentOptions {
  /**
   * The first byte that is wanted. `Content-Range` of the answer ends with `*` while a batch still
   * writes the file: in its end the batch puts it in the order of its input.
   */
  start?: number;
  signal?: AbortSignal;
}

export interface Files {
  upload(content: FileContent, options: UploadOptions): Promise<FileObject>;
  get(id: string): Promise<FileObject>;
  /** Newest first. */
  list(filter?: { purpose?: string }): AsyncGenerator<FileObject, void, undefined>;
  /**
   * The bytes, as a stream at `body`; of a running batch's result what there is so far. `body` is
   * null where there is nothing from `start` on.
   */
  content(id: string, options?: ContentOptions): Promise<Response>;
  delete(id: string): Promise<void>;
}

/** Large files take their time. */
const UPLOAD_TIMEOUT_MS = 60 * 60_000;

const PAGE_LIMIT = 1000;

export function createFiles({ api, send, request }: Connection): Files {
  return {
    upload: async (content, options) => {
      const headers = { 'idempotency-key': options.idempotencyKey ?? crypto.randomUUID() };
      const fields = {
        purpose: options.purpose ?? 'batch',
        ...(options.expiresAfterSeconds === undefined
          ? {}
          : {
              'expires_after[anchor]': 'created_at',
              'expires_after[seconds]': String(options.expiresAfterSeconds),
            }),
      };
      const make = (): Request =>
        request('/v1/files', {
          method: 'POST',
          ...multipartOf(content, options.filename, fields, headers),
        });
      const isStream = content instanceof ReadableStream;
      const { signal } = options;
      const timeoutMs = UPLOAD_TIMEOUT_MS;
      const answer = await send(make, { timeoutMs, repeat: !isStream, signal });
      const file: FileObject = JSON.parse(await answer.text());
      return file;
    },
    get: async (id) => answered(await api.GET('/v1/files/{id}', byId(id))),
    list: (filter) =>
      itemsOf(async (after) => {
        const query = { ...filter, limit: PAGE_LIMIT, ...(after === undefined ? {} : { after }) };
        return answered(await api.GET('/v1/files', { params: { query } }));
      }),
    content: async (id, { start = 0, signal } = {}) => {
      const path = `/v1/files/${encodeURIComponent(id)}/content`;
      if (start === 0) return send(() => request(path), { signal });
      const headers = { range: `bytes=${start}-` };
      try {
        const answer = await send(() => request(path, { headers }), { signal });
        return answer.status === 206 ? answer : withoutFirst(start, answer);
      } catch (error) {
        if (!(error instanceof UnderstudyError) || error.status !== 416) throw error;
        return new Response(null, { status: 204 });
      }
    },
    delete: async (id) => {
      await api.DELETE('/v1/files/{id}', byId(id));
    },
  };
}
