import { canonicalName } from '@understudy/models';
import { describeProvider, providerSettings } from '@understudy/provider/testing';
import { expect, test } from 'vitest';
import { acceptedNames, modelNames, retiredSince } from './model-names.ts';
import { openai } from './provider.ts';

const model = 'gpt-5.5-2026-04-23';

describeProvider(openai, {
  settings: (origin) => ({ baseUrl: `${origin}/v1`, apiKey: 'sk-tested-key' }),
  secret: 'sk-tested-key',
  headers: { authorization: 'Bearer sk-tested-key' },
  calls: [
    { dialect: 'chat-completions', model, path: '/v1/chat/completions' },
    { dialect: 'responses', model, path: '/v1/responses' },
    { dialect: 'embeddings', model: 'text-embedding-3-small', path: '/v1/embeddings' },
  ],
});

test('without a base URL calls go to OpenAI', () => {
  const connection = openai.connect(providerSettings('openai', { apiKey: 'sk' }));
  expect(connection.surfaces('responses', model)[0]?.url).toBe(
    'https://api.openai.com/v1/responses',
  );
});

test('a missing key is named', () => {
  expect(() => openai.connect(providerSettings('openai', {}))).toThrow(
    /^providers\.tested\.apiKey: missing/,
  );
});

test('a model is reached in the dialects in which OpenAI answers for it', () => {
  const { dialectsOf } = openai.connect(providerSettings('openai', { apiKey: 'sk' }));
  expect(dialectsOf?.({ sent: 'gpt-5.5', canonical: 'gpt-5.5' })).toEqual([
    'chat-completions',
    'responses',
  ]);
  expect(dialectsOf?.({ sent: 'gpt-5-pro-2025-10-06', canonical: 'gpt-5-pro' })).toEqual([
    'responses',
  ]);
  const embedding = 'text-embedding-3-small';
  expect(dialectsOf?.({ sent: embedding, canonical: embedding })).toEqual(['embeddings']);
  expect(dialectsOf?.({ sent: 'ft:gpt-4o:ours' })).toBeUndefined();
});

test('models that reason beside functions in responses alone are known to do so', () => {
  const connection = openai.connect(providerSettings('openai', { apiKey: 'sk' }));
  expect(connection.reasonsBesideFunctionsIn).toBe('responses');
});

test('every retired name is one of the table, with a date', () => {
  for (const [canonical, date] of Object.entries(retiredSince)) {
    expect(modelNames).toHaveProperty([canonical]);
    expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  }
});

test('every name in the tables leads to a model of the catalog', () => {
  for (const canonical of Object.keys(modelNames)) expect(canonicalName(canonical)).toBe(canonical);
  expect(acceptedNames.filter((name) => canonicalName(name) === undefined)).toEqual([]);
});
