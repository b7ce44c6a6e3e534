import { expect, test } from 'vitest';
import { sendJson, sendProblem, startServer } from './testing/start-server.ts';
import type { Serve } from './testing/start-server.ts';
import { Understudy } from './understudy.ts';
import type { UnderstudyOptions } from './understudy.ts';

const NEW_JOB = {
  endpoint: '/v1/chat/completions',
  body: { model: 'chat', messages: [{ role: 'user', content: 'hello' }] },
} as const;
const JOB = { id: 'job_1', object: 'job', status: 'queued' };

async function clientOf(serve: Serve, options: UnderstudyOptions = {}) {
  const server = await startServer(serve);
  const client = new Understudy({ baseUrl: `${server.url}/`, apiKey: 'a-key', ...options });
  return { client, ...server };
}

test('a call carries the key, and a submit its body as JSON', async () => {
  const { client, requests } = await clientOf((_number, _request, response) =>
    sendJson(response, 202, JOB),
  );
  expect(await client.submit(NEW_JOB, { idempotencyKey: 'mine', wait: 5 })).toEqual(JOB);
  const [{ method, path, headers, body } = expect.fail()] = requests;
  expect([method, path]).toEqual(['POST', '/v1/jobs']);
  expect(headers).toMatchObject({
    authorization: 'Bearer a-key',
    'content-type': 'application/json',
    'idempotency-key': 'mine',
    prefer: 'wait=5',
  });
  expect(JSON.parse(body)).toEqual(NEW_JOB);
});

test.each([408, 429, 500, 502, 503, 504])(
  'a submit answered %i is sent again under the same idempotency key',
  async (status) => {
    const { client, requests } = await clientOf((number, _request, response) => {
      if (number < 2) sendProblem(response, status, 'unavailable', { 'retry-after': '0' });
      else sendJson(response, 202, JOB);
    });
    expect(await client.submit(NEW_JOB)).toEqual(JOB);
    const keys = requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
  },
);

test('a page where JSON was asked for is told as a wrong URL, and asked for once', async () => {
  const { client, requests, url } = await clientOf((_number, _request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
  });
  await expect(client.submit(NEW_JOB)).rejects.toMatchObject({
    name: 'UnderstudyError',
    code: 'invalid_answer',
    status: 200,
    message: `what answers at ${url} is no broker: it sent text/html where JSON was asked for; check the URL`,
  });
  expect(requests).toHaveLength(1);
});

test('two submits without a key are two jobs', async () => {
  const { client, requests } = await clientOf((_number, _request, response) =>
    sendJson(response, 202, JOB),
  );
  await client.submit(NEW_JOB);
  await client.submit(NEW_JOB);
  expect(new Set(requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(2);
});

test('Retry-After is waited for, in seconds and as a date', async () => {
  const times: number[] = [];
  const { client } = await clientOf((number, _request, response) => {
    times.push(performance.now());
    const date = new Date(Date.now() + 2000).toUTCString();
    if (number === 0) sendProblem(response, 503, 'unavailable', { 'retry-after': '1' });
    else if (number === 1) sendProblem(response, 503, 'unavailable', { 'retry-after': date });
    else sendJson(response, 200, JOB);
  });
  await client.get('job_1');
  const [first = 0, second = 0, third = 0] = times;
  expect(second - first).toBeGreaterThan(990);
  // A date has no fraction of a second.
  expect(third - second).toBeGreaterThan(900);
});

test('a connection that breaks is made again, also in the middle of an answer', async () => {
  const { client, requests } = await clientOf((number, _request, response) => {
    if (number === 0) response.destroy();
    else if (number === 1) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"id":');
      setImmediate(() => response.destroy());
    } else sendJson(response, 200, JOB);
  });
  expect(await client.get('job_1')).toEqual(JOB);
  expect(requests).toHaveLength(3);
});

test('a delete whose answer was lost is done, also where the next try finds nothing any more', async () => {
  let isThere = true;
  const { client, requests } = await clientOf((_number, _request, response) => {
    if (!isThere) sendProblem(response, 404, 'not_found');
    else {
      isThere = false;
      response.destroy();
    }
  });
  await client.keys.revoke('key_1');
  expect(requests.map(({ method, path }) => [method, path])).toEqual([
    ['DELETE', '/v1/admin/keys/key_1'],
    ['DELETE', '/v1/admin/keys/key_1'],
  ]);
});

test.each([502, 504])(
  'a delete that a proxy answered with %i may be done, and is where nothing is found then',
  async (status) => {
    const { client, requests } = await clientOf((number, _request, response) => {
      if (number === 0) sendProblem(response, status, 'proxy', { 'retry-after': '0' });
      else sendProblem(response, 404, 'not_found');
    });
    await client.keys.revoke('key_1');
    expect(requests).toHaveLength(2);
  },
);

test('what was not there to be deleted is told, also after a try that the broker refused', async () => {
  const { client, requests } = await clientOf((number, _request, response) => {
    if (number === 0) sendProblem(response, 503, 'unavailable', { 'retry-after': '0' });
    else sendProblem(response, 404, 'not_found');
  });
  await expect(client.keys.revoke('key_1')).rejects.toMatchObject({ status: 404 });
  expect(requests).toHaveLength(2);
});

test('what was not there to be deleted is told, also after a try that reached nobody', async () => {
  let tries = 0;
  const { client } = await clientOf(
    (_number, _request, response) => sendProblem(response, 404, 'not_found'),
    {
      fetch: async (request) => {
        tries += 1;
        const url = tries === 1 ? 'http://127.0.0.1:2/' : request.url;
        return fetch(url, { method: request.method });
      },
    },
  );
  await expect(client.keys.revoke('key_1')).rejects.toMatchObject({ status: 404 });
  expect(tries).toBe(2);
});

test('only a delete is done where nothing is found: a read whose answer was lost is not', async () => {
  const { client } = await clientOf((number, _request, response) => {
    if (number === 0) response.destroy();
    else sendProblem(response, 404, 'not_found');
  });
  await expect(client.get('job_1')).rejects.toMatchObject({ status: 404 });
});

test('a Retry-After that is neither seconds nor a date asks for nothing', async () => {
  const { client } = await clientOf(
    (_number, _request, response) =>
      sendProblem(response, 503, 'unavailable', { 'retry-after': '-0.5' }),
    { retryForMs: 0 },
  );
  await expect(client.get('job_1')).rejects.toMatchObject({ status: 503, retryAfterMs: undefined });
});

test('what the broker refuses is thrown at once, with its code, words and request id', async () => {
  const { client, requests } = await clientOf((_number, _request, response) =>
    sendProblem(response, 404, 'model_not_found', { 'x-request-id': 'req_1' }),
  );
  await expect(client.submit(NEW_JOB)).rejects.toMatchObject({
    name: 'UnderstudyError',
    status: 404,
    code: 'model_not_found',
    message: 'model_not_found it is',
    requestId: 'req_1',
    final: false,
  });
  expect(requests).toHaveLength(1);
});

test('the errors of the vendor-shaped surfaces are read too', async () => {
  const error = { type: 'invalid_request_error', message: 'no such purpose' };
  const { client } = await clientOf((_number, _request, response) =>
    sendJson(response, 400, { type: 'error', error }, { 'request-id': 'req_2' }),
  );
  await expect(client.batches.get('batch_1')).rejects.toMatchObject({
    code: 'invalid_request_error',
    message: 'no such purpose',
    requestId: 'req_2',
  });
});

test('an answer that no broker wrote is an error with its status', async () => {
  const { client } = await clientOf((_number, _request, response) => {
    response.writeHead(413, { 'content-type': 'text/html' }).end('<h1>Too large</h1>');
  });
  await expect(client.submit(NEW_JOB)).rejects.toMatchObject({ status: 413, code: 'http_413' });
});

test('x-should-retry: false is obeyed', async () => {
  const { client, requests } = await clientOf((_number, _request, response) =>
    sendProblem(response, 503, 'unavailable', { 'x-should-retry': 'false' }),
  );
  await expect(client.submit(NEW_JOB)).rejects.toMatchObject({ status: 503, final: true });
  expect(requests).toHaveLength(1);
});

test('a wait that would be longer than the patience is not begun', async () => {
  const { client, requests } = await clientOf((_number, _request, response) =>
    sendProblem(response, 429, 'rate_limited', { 'retry-after': '3600' }),
  );
  await expect(client.get('job_1')).rejects.toMatchObject({
    code: 'rate_limited',
    retryAfterMs: 3_600_000,
  });
  expect(requests).toHaveLength(1);
});

test('a broker that is not there is named when the patience is over', async () => {
  const client = new Understudy({ baseUrl: 'http://127.0.0.1:1', apiKey: 'a', retryForMs: 300 });
  await expect(client.get('job_1')).rejects.toMatchObject({
    code: 'connection_failed',
    message: expect.stringContaining('http://127.0.0.1:1 cannot be reached') as string,
  });
});

test('a caller who gives up ends the tries with its own reason', async () => {
  const { client } = await clientOf((_number, _request, response) =>
    sendProblem(response, 503, 'unavailable', { 'retry-after': '30' }),
  );
  const giveUp = new AbortController();
  const submitting = client.submit(NEW_JOB, { signal: giveUp.signal });
  giveUp.abort(new Error('enough'));
  await expect(submitting).rejects.toThrow('enough');
});

test('a caller who gives up between two tries is heard at once', async () => {
  const { client, requests } = await clientOf((_number, _request, response) =>
    sendProblem(response, 503, 'unavailable', { 'retry-after': '30' }),
  );
  const giveUp = new AbortController();
  const submitting = client.submit(NEW_JOB, { signal: giveUp.signal });
  await expect.poll(() => requests.length).toBe(1);
  setTimeout(() => giveUp.abort(new Error('enough')), 100);
  await expect(submitting).rejects.toThrow('enough');
  expect(requests).toHaveLength(1);
}, 15_000);

test('without a key the client says how to give one', () => {
  expect(() => new Understudy({ apiKey: '' })).toThrow('UNDERSTUDY_API_KEY');
});
