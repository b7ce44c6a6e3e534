import { expect, onTestFinished, test, vi } from 'vitest';
import { UntranslatableError } from '../loss.ts';
import type { Dialect } from '@understudy/contracts';
import type { JsonObject } from '../translator.ts';
import { canEncodeEmbedding, encodeEmbedding } from './embeddings.ts';

const LOST_DIMENSIONS = { field: 'dimensions', message: expect.stringContaining('one size only') };

test.each<{
  model: string;
  to: Dialect;
  request: JsonObject;
  body: JsonObject;
  losses?: unknown[];
  inputs?: number;
}>([
  {
    model: 'gemini-embedding-001',
    to: 'embed-content',
    request: { input: 'a text', dimensions: 768, encoding_format: 'base64' },
    body: { content: { parts: [{ text: 'a text' }] }, outputDimensionality: 768 },
  },
  {
    model: 'gemini-embedding-001',
    to: 'embed-content',
    request: { input: ['a text'], input_type: 'search_query' },
    body: { content: { parts: [{ text: 'a text' }] } },
    losses: [{ field: 'input_type', message: 'is not carried to Gemini' }],
  },
  {
    model: 'gemini-embedding-001',
    to: 'predict-embedding',
    request: { input: ['a text'], dimensions: 768, input_type: 'search_query' },
    body: {
      instances: [{ content: 'a text' }],
      parameters: { autoTruncate: false, outputDimensionality: 768 },
    },
    losses: [{ field: 'input_type', message: 'is not carried to Google' }],
  },
  {
    model: 'text-embedding-005',
    to: 'predict-embedding',
    request: { input: ['one', 'two'] },
    body: {
      instances: [{ content: 'one' }, { content: 'two' }],
      parameters: { autoTruncate: false },
    },
    inputs: 2,
  },
  {
    model: 'amazon.titan-embed-text-v2:0',
    to: 'invoke-embedding',
    request: { input: 'a text', dimensions: 512 },
    body: { inputText: 'a text', dimensions: 512 },
  },
  {
    model: 'titan-embed-text-v2',
    to: 'invoke-embedding',
    request: { input: 'a text', dimensions: 768, user: 'user-7' },
    body: { inputText: 'a text' },
    losses: [
      {
        field: 'user',
        message: 'has no place in requests for embeddings elsewhere, and is not carried',
      },
      { field: 'dimensions', message: 'is not carried: the model makes sizes 256, 512, 1024' },
    ],
  },
  {
    model: 'amazon.titan-embed-text-v1',
    to: 'invoke-embedding',
    request: { input: 'a text', dimensions: 512 },
    body: { inputText: 'a text' },
    losses: [LOST_DIMENSIONS],
  },
  {
    model: 'us.cohere.embed-v4:0',
    to: 'invoke-embedding',
    request: { input: ['one', 'two'], dimensions: 1536, input_type: 'search_query' },
    body: {
      texts: ['one', 'two'],
      input_type: 'search_query',
      truncate: 'NONE',
      output_dimension: 1536,
    },
    inputs: 2,
  },
  {
    model: 'cohere.embed-multilingual-v3',
    to: 'invoke-embedding',
    request: { input: ['one', 'two'], dimensions: 512, input_type: 'passage' },
    body: { texts: ['one', 'two'], input_type: 'search_document', truncate: 'NONE' },
    losses: [
      LOST_DIMENSIONS,
      { field: 'input_type', message: 'is not one that the model knows, and is not carried' },
    ],
    inputs: 2,
  },
  {
    model: 'amazon.nova-2-multimodal-embeddings-v1:0',
    to: 'invoke-embedding',
    request: { input: 'a text', encoding_format: 'float' },
    body: {
      taskType: 'SINGLE_EMBEDDING',
      singleEmbeddingParams: {
        embeddingPurpose: 'GENERIC_INDEX',
        embeddingDimension: 3072,
        text: { truncationMode: 'NONE', value: 'a text' },
      },
    },
  },
  {
    model: 'amazon.nova-2-multimodal-embeddings-v1:0',
    to: 'invoke-embedding',
    request: { input: 'a text', dimensions: 384, priority: 1 },
    body: {
      taskType: 'SINGLE_EMBEDDING',
      singleEmbeddingParams: {
        embeddingPurpose: 'GENERIC_INDEX',
        embeddingDimension: 384,
        text: { truncationMode: 'NONE', value: 'a text' },
      },
    },
    losses: [{ field: 'priority', message: 'is not known here, and is not carried' }],
  },
])(
  '$model is asked in its own body for $request',
  async ({ to, request, body, losses, model, inputs }) => {
    expect(await encodeEmbedding(to, { model, ...request }, model)).toEqual({
      body,
      losses: losses ?? [],
      inputs: inputs ?? 1,
    });
  },
);

test.each<[field: string, to: Dialect, model: string, request: JsonObject]>([
  ['input', 'embed-content', 'gemini-embedding-001', { input: ['one', 'two'] }],
  ['input', 'invoke-embedding', 'titan-embed-text-v2', { input: ['one', 'two'] }],
  ['input', 'invoke-embedding', 'cohere.embed-v4:0', { input: Array(97).fill('one') }],
  ['input', 'predict-embedding', 'gemini-embedding-001', { input: ['one', 'two'] }],
  ['input', 'predict-embedding', 'text-embedding-005', { input: Array(251).fill('one') }],
  ['input', 'embed-content', 'gemini-embedding-001', { input: [1, 2, 3] }],
  ['input[1]', 'embed-content', 'gemini-embedding-001', { input: ['one', [1, 2]] }],
  ['input[0]', 'embed-content', 'gemini-embedding-001', { input: [null] }],
  ['input', 'embed-content', 'gemini-embedding-001', { input: [] }],
  ['input', 'embed-content', 'gemini-embedding-001', {}],
  ['dimensions', 'embed-content', 'gemini-embedding-001', { input: 'a', dimensions: 1.5 }],
  [
    'encoding_format',
    'embed-content',
    'gemini-embedding-001',
    { input: 'a', encoding_format: 'x' },
  ],
  ['model', 'invoke-embedding', 'arn:aws:bedrock:eu-west-1:1:x/y', { input: 'a' }],
])('%s makes a request untranslatable to %s of %s: %j', async (field, to, model, request) => {
  const encoding = encodeEmbedding(to, request, model);
  await expect(encoding).rejects.toBeInstanceOf(UntranslatableError);
  await expect(encoding).rejects.toMatchObject({ field });
});

test('completions are no target of embeddings', async () => {
  expect(canEncodeEmbedding('embed-content')).toBe(true);
  expect(canEncodeEmbedding('converse')).toBe(false);
  await expect(encodeEmbedding('converse', { input: 'a' }, 'any')).rejects.toThrow('converse');
});

test('neither keys nor addresses are taken from the environment', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'no URL');
  vi.stubEnv('AWS_REGION', undefined);
  vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', undefined);
  vi.stubEnv('GOOGLE_GENERATIVE_AI_API_KEY', undefined);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const encoded = await Promise.all([
    encodeEmbedding('invoke-embedding', { input: 'a' }, 'titan-embed-text-v2'),
    encodeEmbedding('embed-content', { input: 'a' }, 'gemini-embedding-001'),
  ]);
  expect(encoded.map(({ body }) => body)).toEqual([
    { inputText: 'a' },
    { content: { parts: [{ text: 'a' }] } },
  ]);
});
