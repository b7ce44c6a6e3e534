import { canonicalName } from '@understudy/models';
import { describeProvider, providerSettings } from '@understudy/provider/testing';
import { expect, test } from 'vitest';
import { acceptedNames, modelNames } from './model-names.ts';
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

test('every name in the tables leads to a model of the catalog', () => {
  for (const canonical of Object.keys(modelNames)) expect(canonicalName(canonical)).toBe(canonical);
  expect(acceptedNames.filter((name) => canonicalName(name) === undefined)).toEqual([]);
});
