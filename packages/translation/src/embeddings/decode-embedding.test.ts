import type { Dialect } from '@understudy/contracts';
import type OpenAI from 'openai';
import { expect, test } from 'vitest';
import type { JsonObject } from '../translator.ts';
import { decodeEmbedding } from './embeddings.ts';

function decode(to: Dialect, answer: unknown, request: JsonObject, tokens?: number) {
  return decodeEmbedding(to, Buffer.from(JSON.stringify(answer)), {
    id: '0190',
    model: 'the-model',
    createdAt: 0,
    usage: tokens === undefined ? {} : { input_tokens: tokens },
    request,
  });
}

test.each<{ vendor: string; to: Dialect; answer: unknown; embeddings: number[][] }>([
  {
    vendor: 'Vertex',
    to: 'embed-content',
    answer: {
      embedding: { values: [0.5, -0.25] },
      usageMetadata: { promptTokenCount: 4, totalTokenCount: 4 },
      truncated: false,
    },
    embeddings: [[0.5, -0.25]],
  },
  {
    vendor: "Vertex's predict",
    to: 'predict-embedding',
    answer: {
      predictions: [
        { embeddings: { values: [0.5], statistics: { token_count: 2, truncated: false } } },
        { embeddings: { values: [-0.25], statistics: { token_count: 2, truncated: false } } },
      ],
      metadata: { billableCharacterCount: 10 },
    },
    embeddings: [[0.5], [-0.25]],
  },
  {
    vendor: 'Titan',
    to: 'invoke-embedding',
    answer: {
      embedding: [0.5, -0.25],
      embeddingsByType: { float: [0.5, -0.25] },
      inputTextTokenCount: 4,
    },
    embeddings: [[0.5, -0.25]],
  },
  {
    vendor: 'Cohere v3',
    to: 'invoke-embedding',
    answer: {
      id: 'e1',
      response_type: 'embeddings_floats',
      embeddings: [[0.5], [-0.25]],
      texts: ['one', 'two'],
    },
    embeddings: [[0.5], [-0.25]],
  },
  {
    vendor: 'Cohere v4',
    to: 'invoke-embedding',
    answer: {
      id: 'e1',
      response_type: 'embeddings_by_type',
      embeddings: { float: [[0.5], [-0.25]] },
      texts: ['one', 'two'],
    },
    embeddings: [[0.5], [-0.25]],
  },
  {
    vendor: 'Nova',
    to: 'invoke-embedding',
    answer: { embeddings: [{ embeddingType: 'TEXT', embedding: [0.5, -0.25] }] },
    embeddings: [[0.5, -0.25]],
  },
])("$vendor's answer becomes OpenAI's, in the order of the inputs", async (example) => {
  const { to, answer, embeddings } = example;
  const request = { input: embeddings.map((_, index) => `text ${index}`) };
  const expected: OpenAI.CreateEmbeddingResponse = {
    object: 'list',
    data: embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    model: 'the-model',
    usage: { prompt_tokens: 4, total_tokens: 4 },
  };
  expect(await decode(to, answer, request, 4)).toEqual({ body: expected, losses: [] });
});

test('an embedding in base64 is little-endian 32-bit floats', async () => {
  const answer = { embedding: { values: [0.5, -0.25, 3] } };
  const { body } = await decode(
    'embed-content',
    answer,
    { input: 'a', encoding_format: 'base64' },
    1,
  );
  const [item] = Array.isArray(body['data']) ? body['data'] : [];
  const bytes = Buffer.from(item.embedding, 'base64');
  expect([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.readFloatLE(8)]).toEqual([
    0.5, -0.25, 3,
  ]);
  expect(bytes).toHaveLength(12);
});

test('tokens that the provider does not count are told as unknown', async () => {
  const { body, losses } = await decode(
    'embed-content',
    { embedding: { values: [1] } },
    { input: 'a' },
  );
  expect(body['usage']).toEqual({ prompt_tokens: 0, total_tokens: 0 });
  expect(losses.map((loss) => loss.field)).toEqual(['usage']);
});

test.each<[string, Dialect, unknown]>([
  ['of another shape', 'invoke-embedding', { vector: ['secret words'] }],
  ['of another shape', 'predict-embedding', { predictions: ['secret words', {}] }],
  ['with too few embeddings', 'invoke-embedding', { embeddings: [[0.5]], texts: ['secret words'] }],
  [
    'with too few embeddings',
    'predict-embedding',
    { predictions: [{ embeddings: { values: [1], text: 'secret words' } }] },
  ],
])('an answer %s to %s is an error that does not quote it', async (_what, to, answer) => {
  const decoding = decode(to, answer, { input: ['one', 'two'] }, 1);
  await expect(decoding).rejects.toThrow('cannot be read in its dialect');
  await expect(decoding).rejects.not.toThrow('secret');
});
