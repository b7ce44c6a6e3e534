import { expect, test } from 'vitest';
import { startTestApi } from './testing/start-test-api.ts';

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
