import { createRegistryWriter } from '@understudy/availability';
import type { Registration } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../testing/start-test-api.ts';

const CONFIGURATION = `
providers:
  main: { kind: openai, apiKey: unused }
  backup: { kind: openai, apiKey: unused }
routes:
  strict:
    onLoss: refuse
    targets: [ { provider: main, model: gpt-4o }, { provider: backup, model: gpt-4o } ]
  lenient:
    targets: [ { provider: main, model: gpt-4o } ]
`;

const job = (model: string, members: object) => ({
  method: 'POST',
  body: {
    endpoint: '/v1/messages',
    body: { model, max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }], ...members },
  },
});

test('a route that refuses losses says at submit which field and which target', async () => {
  const api = await startTestApi({ configuration: CONFIGURATION });
  const response = await api.call('/v1/jobs', job('strict', { top_k: 5 }));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    detail: expect.stringMatching(/"strict" refuses .* at "main", top_k: /),
    error: { param: 'body.top_k' },
  });
  const list = (await (await api.call('/v1/jobs')).json()) as { data: unknown[] };
  expect(list.data).toEqual([]);
});

test('it takes a body that all of its targets can carry, and other routes take any', async () => {
  const api = await startTestApi({ configuration: CONFIGURATION });
  expect((await api.call('/v1/jobs', job('strict', {}))).status).toBe(202);
  expect((await api.call('/v1/jobs', job('lenient', { top_k: 5 }))).status).toBe(202);
});

test('what cannot be translated at all is refused by its path', async () => {
  const api = await startTestApi({ configuration: CONFIGURATION });
  const content = [{ type: 'image', source: { type: 'file', file_id: 'file_1' } }];
  const messages = [{ role: 'user', content }];
  const response = await api.call('/v1/jobs', job('strict', { messages }));
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('messages[0].content[0]');
});

/** A backup that says of itself what only the workers of its kind know. */
async function startWithBackup(backup: Partial<Registration>, outbound = ''): Promise<TestApi> {
  const api = await startTestApi({ configuration: CONFIGURATION + outbound });
  const { redis, keyPrefix, clock } = api.dispatch;
  const registered = api.dispatch.views().registration('backup');
  if (registered === undefined) throw new Error('no worker of the backup is there');
  const writer = createRegistryWriter(redis, keyPrefix, 'worker-of-backup', clock);
  await writer.register([{ ...registered, ...backup }]);
  await api.dispatch.reload();
  return api;
}

const chat = (members: object) => ({
  method: 'POST',
  body: {
    endpoint: '/v1/chat/completions',
    body: { model: 'strict', messages: [{ role: 'user', content: 'Hi' }], ...members },
  },
});

test('what one provider refuses of its own dialect is refused at submit, by its name', async () => {
  const message = 'is refused by this provider, which stores nothing';
  const api = await startWithBackup({
    refuses: { 'chat-completions': [{ path: 'store', holds: false, message }] },
  });
  const response = await api.call('/v1/jobs', chat({ store: true }));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    detail: expect.stringContaining(`at "backup", store: ${message}`),
    error: { param: 'body.store' },
  });
  expect((await api.call('/v1/jobs', chat({ store: false }))).status).toBe(202);
  const request = chat({ store: true });
  const elsewhere = { ...request.body, providers: { only: ['main'] } };
  expect((await api.call('/v1/jobs', { ...request, body: elsewhere })).status).toBe(202);
});

const content = [{ type: 'image_url', image_url: { url: 'https://127.0.0.1:1/cat.png' } }];
const withImage = { messages: [{ role: 'user', content }] };

test('an image by its URL is no loss where workers fetch it, and nothing is fetched at submit', async () => {
  const api = await startWithBackup({ inline_files: ['chat-completions'] });
  expect((await api.call('/v1/jobs', chat(withImage))).status).toBe(202);
});

test('where fetching is switched off, an image by its URL is refused at submit', async () => {
  const api = await startWithBackup(
    { inline_files: ['chat-completions'] },
    'outbound: { fetchImages: false }\n',
  );
  const response = await api.call('/v1/jobs', chat(withImage));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    detail: expect.stringMatching(/at "backup", messages\[0\]\.content\[0\]: .* send it inline/),
  });
});
