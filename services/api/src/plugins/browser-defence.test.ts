import { expect, test } from 'vitest';
import { collectRoutes } from '../testing/collect-routes.ts';
import { API_KEY, startTestApi, submit } from '../testing/start-test-api.ts';

const NAMED = 'https://app.example.com';
const OTHER = 'https://elsewhere.example.com';

/** What no answer may lack, whatever it is about. */
const SAID = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

const sentTo = (url: string): string => url.replaceAll(/:\w+/g, 'x').replace(/\*$/, 'x');

test(
  'every answer of every route forbids browsers to guess, frame, run and load, and sets no cookie',
  { timeout: 60_000 },
  async () => {
    const { built: api, routes } = await collectRoutes(() => startTestApi());
    expect(routes.length).toBeGreaterThan(50);
    for (const { method, url } of [...routes, { method: 'GET', url: '/nothing/here' }]) {
      for (const headers of [{}, { 'x-api-key': API_KEY }]) {
        // The stream of all events does not end by itself; it is looked at below.
        if (url === '/v1/events' && 'x-api-key' in headers) continue;
        const answer = await api.app.inject({
          method: method as 'GET',
          url: sentTo(url),
          headers,
        });
        const of = `${method} ${url} ${answer.statusCode}`;
        expect([of, answer.headers]).toEqual([of, expect.objectContaining(SAID)]);
        const policy = String(answer.headers['content-security-policy']);
        expect([of, policy]).toEqual([of, expect.stringMatching(/frame-ancestors 'none'/)]);
        // The pages at /docs load their own scripts; nothing else loads anything.
        const loads = url.startsWith('/docs') ? "'self'" : "'none'";
        expect([of, policy]).toEqual([of, expect.stringContaining(`default-src ${loads}`)]);
        expect([of, policy]).not.toEqual([of, expect.stringMatching(/unsafe-eval|\*|http:/)]);
        expect(answer.headers['set-cookie']).toBeUndefined();
        expect(answer.headers['x-powered-by']).toBeUndefined();
        expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      }
    }
  },
);

test('streams, and what is no request at all, say so as well', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const gone = new AbortController();
  for (const path of ['/v1/events', `/v1/jobs/${id}/events`]) {
    const { headers } = await api.call(path, { signal: gone.signal });
    expect(headers.get('content-type')).toContain('text/event-stream');
    expect(Object.fromEntries(headers)).toEqual(expect.objectContaining(SAID));
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  }
  gone.abort();
});

test('no script of another origin reads an answer unless its origin is named', async () => {
  const api = await startTestApi();
  for (const origin of [NAMED, OTHER, 'null']) {
    const { headers } = await api.call('/v1/jobs', { headers: { origin } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await fetch(`${api.url}/v1/jobs`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    expect(preflight.ok).toBe(false);
  }
});

test('scripts of a named origin may call and read with their key; of others none may', async () => {
  const api = await startTestApi({
    configuration: `
providers: { main: { kind: openai, apiKey: unused } }
cors: { origins: [ "${NAMED}" ] }
`,
    registered: ['main'],
  });
  const preflight = (origin: string) =>
    fetch(`${api.url}/v1/jobs`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,idempotency-key',
      },
    });
  const allowed = await preflight(NAMED);
  expect(allowed.status).toBe(204);
  expect(Object.fromEntries(allowed.headers)).toMatchObject({
    'access-control-allow-origin': NAMED,
    'access-control-allow-methods': expect.stringContaining('POST'),
    'access-control-allow-headers': 'authorization,content-type,idempotency-key',
    'access-control-max-age': '600',
  });
  expect((await preflight(OTHER)).headers.get('access-control-allow-origin')).toBeNull();

  const read = async (origin: string, headers = {}) =>
    api.call('/v1/jobs', { headers: { origin, ...headers } });
  const { status, headers } = await read(NAMED);
  expect([status, headers.get('access-control-allow-origin')]).toEqual([200, NAMED]);
  expect(headers.get('access-control-expose-headers')).toContain('location');
  expect(headers.get('vary')?.toLowerCase()).toContain('origin');
  // Nothing that a browser would add by itself counts.
  expect(headers.get('access-control-allow-credentials')).toBeNull();
  expect((await read(OTHER)).headers.get('access-control-allow-origin')).toBeNull();
  // A refusal is readable as well, or the page could not say what is wrong; and the key is needed.
  const refused = await read(NAMED, { 'x-api-key': 'not-the-right-key-at-all' });
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
    401,
    NAMED,
  ]);
});
