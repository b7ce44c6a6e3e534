import { canonicalName } from '@understudy/models';
import { evaluateAnswer, type ProviderSettings } from '@understudy/provider';
import { describeProvider, providerSettings } from '@understudy/provider/testing';
import { expect, test } from 'vitest';
import { modelNames } from './model-names.ts';
import { gemini } from './provider.ts';

const model = 'gemini-3.5-flash';

describeProvider(gemini, {
  settings: (origin) => ({ baseUrl: origin, apiKey: 'AIza-tested-key' }),
  secret: 'AIza-tested-key',
  headers: { 'x-goog-api-key': 'AIza-tested-key' },
  calls: [
    {
      dialect: 'generate-content',
      model,
      modelIn: 'path',
      path: `/v1beta/models/${model}:generateContent`,
    },
    {
      dialect: 'embeddings',
      model: 'gemini-embedding-001',
      path: '/v1beta/openai/embeddings',
    },
  ],
});

function connect(members: Partial<ProviderSettings> = {}) {
  return gemini.connect(providerSettings('gemini', { apiKey: 'k', ...members }));
}

test('without a base URL calls go to Google', () => {
  const { surfaces } = connect();
  expect(surfaces('generate-content', model)[0]?.url).toBe(
    'https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:generateContent',
  );
  expect(surfaces('embeddings', 'gemini-embedding-001')[0]?.url).toBe(
    'https://generativelanguage.googleapis.com/v1beta/openai/embeddings',
  );
});

test('a base URL of one dialect holds for that dialect alone', () => {
  const baseUrls = { 'generate-content': 'http://proxy:1/v1' };
  const { surfaces } = connect({ baseUrl: 'http://other:2/', baseUrls });
  expect(surfaces('generate-content', model)[0]?.url).toBe(
    `http://proxy:1/v1/models/${model}:generateContent`,
  );
  expect(surfaces('embeddings', 'e')[0]?.url).toBe('http://other:2/v1beta/openai/embeddings');
});

test('a missing key is named, and one that no header can carry is not quoted', () => {
  expect(() => gemini.connect(providerSettings('gemini', {}))).toThrow(
    /^providers\.tested\.apiKey: missing/,
  );
  expect(() => connect({ apiKey: 'AIza\nx' })).toThrow(/^providers\.tested\.apiKey: (?!.*AIza)/);
});

test('models answer in the dialect of their task', () => {
  const { dialectsOf } = connect();
  expect(dialectsOf?.({ sent: model, canonical: model })).toEqual(['generate-content']);
  const embedding = 'gemini-embedding-001';
  expect(dialectsOf?.({ sent: embedding, canonical: embedding })).toEqual(['embeddings']);
  expect(dialectsOf?.({ sent: 'tunedModels/ours' })).toBeUndefined();
});

function evaluated(answer: unknown) {
  return evaluateAnswer('generate-content', 200, {}, Buffer.from(JSON.stringify(answer)));
}

test('a blocked prompt is an answer that is a refusal', () => {
  const usageMetadata = { promptTokenCount: 8, totalTokenCount: 8 };
  expect(
    evaluated({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata }),
  ).toMatchObject({ ok: true, refusal: true, usage: { input_tokens: 8 } });
  expect(evaluated({ candidates: [{ finishReason: 'SAFETY', index: 0 }] })).toMatchObject({
    ok: true,
    refusal: true,
  });
});

test('an answer without candidates that names no reason is none', () => {
  expect(evaluated({ usageMetadata: { promptTokenCount: 8 }, modelVersion: model })).toMatchObject({
    ok: false,
    failed: { fault: 'invalid_answer' },
  });
});

test('every name in the table leads to a model of the catalog', () => {
  for (const canonical of Object.keys(modelNames)) expect(canonicalName(canonical)).toBe(canonical);
});
