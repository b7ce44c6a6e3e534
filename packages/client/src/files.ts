import { answered, byId } from './connection.ts';
import type { Connection } from './connection.ts';
import { multipartOf } from './multipart.ts';
import { itemsOf } from './pages.ts';
import type { FileObject } from './types.ts';

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

export interface Files {
  upload(content: FileContent, options: UploadOptions): Promise<FileObject>;
  get(id: string): Promise<FileObject>;
  /** Newest first. */
  list(filter?: { purpose?: string }): AsyncGenerator<FileObject, void, undefined>;
  /** The bytes, as a stream at `body`; of a running batch's result what there is so far. */
  content(id: string, options?: { signal?: AbortSignal }): Promise<Response>;
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
    content: (id, { signal } = {}) =>
      send(() => request(`/v1/files/${encodeURIComponent(id)}/content`), { signal }),
    delete: async (id) => {
      await api.DELETE('/v1/files/{id}', byId(id));
    },
  };
}
