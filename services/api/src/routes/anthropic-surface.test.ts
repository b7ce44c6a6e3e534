import { expect, test } from 'vitest';
import { anthropicErrorSchema } from '../schemas/problem-schema.ts';
import {
  anthropicModelListSchema,
  anthropicModelSchema,
  modelSchema,
} from '../schemas/provider-schemas.ts';
import { startTestApi } from '../testing/start-test-api.ts';

const CONFIGURATION = `
providers: { main: { kind: openai, apiKey: unused } }
limits: { bodyBytes: 1000 }
`;
const MESSAGES = '/anthropic/v1/messages';

test.each([
  ['a wrong key', MESSAGES, { headers: { 'x-api-key': 'wrong' } }, 401, 'authentication_error'],
  ['an unknown path', '/anthropic/v1/nothing', {}, 404, 'not_found_error'],
  ['a path that is none', '/anthropic/v1/models/%zz', {}, 400, 'invalid_request_error'],
  ['another method', MESSAGES, { method: 'PUT' }, 405, 'invalid_request_error'],
  ['too large a body', MESSAGES, { body: { a: 'x'.repeat(2000) } }, 413, 'request_too_large'],
  ['broken JSON', MESSAGES, { body: '{' }, 400, 'invalid_request_error'],
  [
    'another content type',
    MESSAGES,
    { body: 'x', headers: { 'content-type': 'text/plain' } },
    415,
    'invalid_request_error',
  ],
  ['no body', MESSAGES, {}, 400, 'invalid_request_error'],
  ['an unknown model', MESSAGES, { body: { model: 'gtp' } }, 404, 'not_found_error'],
])("%s meets an error in Anthropic's envelope", async (_name, path, options, status, type) => {
  const api = await startTestApi({ configuration: CONFIGURATION, registered: ['main'] });
  const method = path === MESSAGES ? 'POST' : 'GET';
  const response = await api.call(path, { method, ...options });
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/json');
  const error = anthropicErrorSchema.strict().parse(await response.json());
  expect(error.error.type).toBe(type);
  expect(error.request_id).toBe(response.headers.get('request-id'));
});

test('either version of the API may be asked for, or none', async () => {
  const api = await startTestApi();
  for (const version of ['2023-06-01', '2026-10-21']) {
    const response = await api.call('/anthropic/v1/models', {
      headers: { 'anthropic-version': version },
    });
    expect(response.status).toBe(200);
  }
});

test("models come in the shape of either vendor's list, and one by its name", async () => {
  const api = await startTestApi();
  const anthropic = await api.call('/anthropic/v1/models/gpt-4o');
  expect(anthropicModelSchema.strict().parse(await anthropic.json())).toEqual({
    type: 'model',
    id: 'gpt-4o',
    display_name: 'gpt-4o',
    created_at: '1970-01-01T00:00:00.000Z',
  });
  for (const prefix of ['/v1', '/openai/v1']) {
    const openai = await api.call(`${prefix}/models/two-ways`);
    expect(modelSchema.strict().parse(await openai.json())).toMatchObject({
      id: 'two-ways',
      providers: ['main', 'backup'],
    });
    expect((await api.call(`${prefix}/models/tow-ways`)).status).toBe(404);
  }
});

test('the list of models is read forwards and backwards, page by page', async () => {
  const api = await startTestApi();
  const list = async (query: string) => {
    const response = await api.call(`/anthropic/v1/models?${query}`);
    const { data, ...rest } = anthropicModelListSchema.strict().parse(await response.json());
    return { ...rest, ids: data.map(({ id }) => id) };
  };
  const { ids: all } = await list('limit=1000');
  expect(all).toEqual(['gpt-4o', 'gpt-4o-mini', 'one-way', 'two-ways']);
  expect(await list('limit=3')).toEqual({
    ids: all.slice(0, 3),
    has_more: true,
    first_id: 'gpt-4o',
    last_id: 'one-way',
  });
  expect(await list('after_id=one-way')).toMatchObject({ ids: ['two-ways'], has_more: false });
  expect(await list('before_id=two-ways&limit=2')).toMatchObject({
    ids: ['gpt-4o-mini', 'one-way'],
    has_more: true,
  });
  expect(await list('after_id=two-ways')).toEqual({
    ids: [],
    has_more: false,
    first_id: null,
    last_id: null,
  });
  expect((await api.call('/anthropic/v1/models?after_id=none')).status).toBe(400);
});
