import { isObject } from './callers/json-reading.ts';
import { parseExact } from './exact-integers.ts';
import type { JsonObject } from './translator.ts';

/** Keeps the body of the one request that is made with it, which it answers itself. */
export function capturingFetch(answer: JsonObject): { fetch: typeof fetch; body(): JsonObject } {
  let captured: JsonObject | undefined;
  return {
    fetch: async (_url, init) => {
      const body = typeof init?.body === 'string' ? parseExact(init.body) : undefined;
      if (isObject(body)) captured = body;
      return Response.json(answer);
    },
    body() {
      if (captured === undefined) throw new Error('The codec made no request with a JSON body.');
      return captured;
    },
  };
}

/** Answers every request with these bytes. */
export function answeringFetch(answer: Uint8Array): typeof fetch {
  const headers = { 'content-type': 'application/json' };
  return async () => new Response(Buffer.from(answer), { headers });
}
