import createClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import type { paths } from './openapi.ts';
import { createSend, isJson } from './send.ts';
import type { Send, SendSettings } from './send.ts';
import { UnderstudyError } from './understudy-error.ts';

/** What every part of the client asks the broker through. */
export interface Connection {
  /** JSON in, JSON out, as the broker's OpenAPI document says. */
  api: Client<paths, 'application/json'>;
  /** A request that the document does not describe by JSON. */
  send: Send;
  /** To the path, with the key and the project. */
  request(path: string, init?: RequestInit): Request;
  /** Ends every call, also where it waits between two requests. */
  signal?: AbortSignal | undefined;
}

export interface ConnectionSettings extends SendSettings {
  /** Of the broker, such as `http://127.0.0.1:8080`. */
  baseUrl: string;
  apiKey: string;
  /** See `UnderstudyOptions`. */
  project?: string;
}

export function openConnection(settings: ConnectionSettings): Connection {
  const baseUrl = settings.baseUrl.replace(/\/+$/, '');
  const standing = {
    authorization: `Bearer ${settings.apiKey}`,
    ...(settings.project === undefined ? {} : { 'understudy-project': settings.project }),
  };
  const send = createSend(settings);
  const api = createClient<paths, 'application/json'>({
    baseUrl,
    headers: standing,
    fetch: async (request) => {
      const named = withIdempotencyKey(request);
      return jsonAnswer(await send(() => named.clone(), { signal: named.signal }), baseUrl);
    },
  });
  return {
    api,
    send,
    signal: settings.signal,
    request: (path, init = {}) => {
      const headers = new Headers(init.headers);
      for (const [name, value] of Object.entries(standing)) headers.set(name, value);
      return new Request(`${baseUrl}${path}`, { ...init, headers });
    },
  };
}

/**
 * A page where JSON was asked for comes from elsewhere, such as a console or a proxy's login.
 * @throws UnderstudyError that says so
 */
function jsonAnswer(response: Response, baseUrl: string): Response {
  const { status, headers } = response;
  const type = headers.get('content-type');
  if (type === null || isJson(response)) return response;
  throw new UnderstudyError(
    `what answers at ${baseUrl} is no broker: it sent ${type} where JSON was asked for; check the URL`,
    { code: 'invalid_answer', status },
  );
}

/** What is sent again must make nothing twice. */
function withIdempotencyKey(request: Request): Request {
  if (request.method === 'POST' && !request.headers.has('idempotency-key')) {
    request.headers.set('idempotency-key', crypto.randomUUID());
  }
  return request;
}

/** The part of a call that names one of many. */
export function byId(id: string): { params: { path: { id: string } } } {
  return { params: { path: { id } } };
}

/** The JSON of an answer, of which only those of 2xx come this far. */
export function answered<Data>({ data }: { data?: Data }): Data {
  if (data === undefined) throw new TypeError('the broker answered without a body');
  return data;
}
