import { expect, test } from 'vitest';
import { chatJob, complete, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { jobSchema } from '../schemas/job-schemas.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const URL_OF_CALLBACK = 'https://hooks.example.com/jobs?tenant=7';

function post(api: TestApi, callback: unknown, headers: Record<string, string> = {}) {
  return api.call('/v1/jobs', { method: 'POST', body: chatJob({ callback }), headers });
}

test('a job keeps its callback and shows it without the secret, in every answer', async () => {
  const api = await startTestApi();
  const callback = { url: URL_OF_CALLBACK, secret: SECRET, include: 'result' };
  const id = await submit(api, chatJob({ callback }));
  const shown = {
    url: URL_OF_CALLBACK,
    events: ['job.completed', 'job.failed', 'job.cancelled', 'job.expired'],
    include: 'result',
  };
  const [record] = await api.dispatch.store.readRecords([{ project: 'default', id }]);
  expect(record?.request.callback).toEqual({ ...shown, secret: SECRET });

  await complete(api, id);
  await api.index(record === undefined ? [] : [record]);
  const texts = [
    await (await api.call(`/v1/jobs/${id}`)).text(),
    await (await api.call('/v1/jobs')).text(),
  ];
  expect(jobSchema.parse(JSON.parse(texts[0] ?? '')).callback).toEqual(shown);
  for (const text of texts) {
    expect(text).toContain('hooks.example.com');
    expect(text).not.toContain(SECRET.slice(6));
  }
});

test('a callback hears what it asks for', async () => {
  const api = await startTestApi();
  const events = ['job.attempt_failed', 'job.failed'];
  const response = await post(api, { url: URL_OF_CALLBACK, events });
  expect(jobSchema.parse(await response.json()).callback).toEqual({ url: URL_OF_CALLBACK, events });
});

test('the URL is kept in the one spelling that is called', async () => {
  const api = await startTestApi();
  const response = await post(api, { url: 'HTTPS://Hooks.Example.COM:443/In' });
  expect(jobSchema.parse(await response.json()).callback?.url).toBe('https://hooks.example.com/In');
});

test.each([
  ['a loopback address', 'https://127.0.0.1/x', /127\.0\.0\.1/],
  ['a loopback address in another spelling', 'https://0x7f.1/x', /127\.0\.0\.1/],
  ['a metadata address', 'https://169.254.169.254/', /169\.254\.169\.254/],
  ['plain HTTP', 'http://hooks.example.com/x', /https/],
  ['a password', 'https://user:hunter2@hooks.example.com/', /password/],
  ['no scheme', 'hooks.example.com/x', /https/],
])('a callback to %s is refused with the reason', async (_what, url, reason) => {
  const api = await startTestApi();
  const response = await post(api, { url });
  const problem = (await response.json()) as { error: { message: string } };
  expect([response.status, problem]).toMatchObject([
    400,
    { error: { code: 'invalid_request', param: 'callback.url' } },
  ]);
  expect(problem.error.message).toMatch(reason);
  expect(problem.error.message).not.toContain('hunter2');
});

test.each([
  ['without a URL', { events: ['job.failed'] }, 'callback.url'],
  ['for no event', { url: URL_OF_CALLBACK, events: [] }, 'callback.events'],
  ['for an unknown event', { url: URL_OF_CALLBACK, events: ['job.x'] }, 'callback.events.0'],
  ['with a weak secret', { url: URL_OF_CALLBACK, secret: 'whsec_aGk=' }, 'callback.secret'],
  ['including more', { url: URL_OF_CALLBACK, include: 'request' }, 'callback.include'],
  ['with an unknown member', { url: URL_OF_CALLBACK, retries: 3 }, 'callback.retries'],
])('a callback %s is refused', async (_what, callback, param) => {
  const api = await startTestApi();
  const response = await post(api, callback);
  const text = await response.text();
  expect([response.status, JSON.parse(text)]).toMatchObject([400, { error: { param } }]);
  expect(text).not.toContain('whsec_aGk=');
});

test('a callback to what the operator allows is accepted', async () => {
  const configuration = `
providers:
  main: { kind: openai, apiKey: unused }
routes:
  two-ways: { targets: [ { provider: main, model: gpt-4o } ] }
outbound: { allow: [ 127.0.0.0/8 ] }
`;
  const api = await startTestApi({ configuration, registered: ['main'] });
  expect((await post(api, { url: 'http://127.0.0.1:9/x' })).status).toBe(202);
  expect((await post(api, { url: 'https://10.0.0.1/x' })).status).toBe(400);
});

test('the callback is part of what an idempotency key stands for', async () => {
  const api = await startTestApi();
  const headers = { 'idempotency-key': 'one-of-a-kind' };
  const first = await post(api, { url: URL_OF_CALLBACK, secret: SECRET }, headers);
  expect(first.status).toBe(202);
  const again = await post(api, { url: URL_OF_CALLBACK, secret: SECRET }, headers);
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
  const other = await post(api, { url: 'https://other.example/', secret: SECRET }, headers);
  expect(other.status).toBe(422);
});
