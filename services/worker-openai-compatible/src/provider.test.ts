import { dialectSchema } from '@understudy/contracts';
import { canonicalName } from '@understudy/models';
import type { Dialect, ProviderConnection, ProviderSettings } from '@understudy/provider';
import {
  describeProvider,
  type ExpectedCall,
  providerSettings,
} from '@understudy/provider/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import kindManifest from '../kind.json' with { type: 'json' };
import { presets } from './presets.ts';
import { openaiCompatible } from './provider.ts';

const model = 'vendor/some-model';
const CALLS: ExpectedCall[] = [
  { dialect: 'chat-completions', model, path: '/v1/chat/completions' },
  { dialect: 'responses', model, path: '/v1/responses' },
  { dialect: 'embeddings', model, path: '/v1/embeddings' },
];

const server = 'http://10.0.0.7:8000/v1';
const DIALECTS = z.array(dialectSchema).parse(kindManifest.lists.dialects);

function connect(settings: Partial<ProviderSettings>): ProviderConnection {
  return openaiCompatible.connect(providerSettings('openai-compatible', settings));
}

for (const [name, preset] of Object.entries(presets)) {
  describe(`the preset ${name}`, () => {
    describeProvider(openaiCompatible, {
      settings: (origin) => ({
        preset: name,
        baseUrl: `${origin}/v1`,
        apiKey: 'key-for-tests',
      }),
      secret: 'key-for-tests',
      headers: { authorization: 'Bearer key-for-tests' },
      calls: CALLS.filter(({ dialect }) => preset.dialects.includes(dialect)),
    });

    test('has names of known models only', () => {
      for (const canonical of Object.keys(preset.models)) {
        const remedy = `${canonical} is no name of packages/models/src/model-catalog.ts: add it there, or map the name that is`;
        expect(canonicalName(canonical), remedy).toBe(canonical);
      }
    });
  });
}

describe('a vendor that takes the key in a header of its own', () => {
  describeProvider(openaiCompatible, {
    settings: (origin) => ({
      baseUrl: `${origin}/v1`,
      apiKey: 'key-for-tests',
      apiKeyHeader: 'X-Acme-Key',
      dialects: DIALECTS,
    }),
    secret: 'key-for-tests',
    headers: { 'x-acme-key': 'key-for-tests' },
    calls: CALLS,
  });

  test('gets it there alone', async () => {
    const { credentials } = connect({ baseUrl: server, apiKey: 'key', apiKeyHeader: 'X-Acme-Key' });
    expect(await credentials(new AbortController().signal)).toEqual({ 'x-acme-key': 'key' });
  });
});

const keyless = Object.keys(presets).filter((name) => presets[name]?.keyless);
const keyed = Object.keys(presets).filter((name) => !keyless.includes(name));

test.each(keyless)('%s, which operators run themselves, needs no key', async (preset) => {
  expect(await connect({ preset }).credentials(new AbortController().signal)).toEqual({});
});

test.each(keyed)('%s needs a key', (preset) => {
  expect(() => connect({ preset })).toThrow(/^providers\.tested\.apiKey: missing/);
});

test('a server known by its address alone speaks what most do and needs no key', async () => {
  const connection = connect({ baseUrl: server });
  expect(connection.dialects).toEqual(['chat-completions', 'embeddings']);
  expect(connection.surfaces('chat-completions', 'm')[0]?.url).toBe(
    'http://10.0.0.7:8000/v1/chat/completions',
  );
  expect(await connection.credentials(new AbortController().signal)).toEqual({});
});

test.each<[string, Dialect[], Partial<ProviderSettings>]>([
  ['the operator says', ['chat-completions'], { baseUrl: server, dialects: ['chat-completions'] }],
  ['he says of a preset', ['responses'], { preset: 'groq', apiKey: 'k', dialects: ['responses'] }],
  [
    'has an address of its own',
    ['chat-completions', 'embeddings', 'responses'],
    { baseUrl: server, baseUrls: { responses: `${server}/beta`, messages: server } },
  ],
])('a server speaks what %s', (_what, spoken, settings) => {
  const { dialects, dialectsOf, surfaces } = connect(settings);
  expect(dialects).toEqual(spoken);
  expect(dialectsOf?.({ sent: 'x', canonical: 'gpt-oss-20b' })).toEqual(
    spoken.filter((dialect) => dialect !== 'embeddings'),
  );
  for (const dialect of spoken) expect(surfaces(dialect, 'm')).toHaveLength(1);
});

test('every dialect that may be configured has an address', () => {
  const { surfaces } = connect({ baseUrl: server, dialects: DIALECTS });
  expect(DIALECTS.map((dialect) => surfaces(dialect, 'm')[0]?.url)).toEqual([
    `${server}/chat/completions`,
    `${server}/responses`,
    `${server}/embeddings`,
  ]);
});

test('an unknown preset is refused with the list of presets', () => {
  expect(() => connect({ preset: 'constructor' })).toThrow(
    /^providers\.tested\.preset: "constructor" is unknown; known are groq, /,
  );
});

test('a provider with neither preset nor base URL is refused', () => {
  expect(() => connect({})).toThrow(
    /^providers\.tested\.preset: missing; name one of groq, .* or set baseUrl/,
  );
});

test('every provider that the environment enables is a preset', () => {
  for (const { settings } of kindManifest.environment) {
    expect(Object.keys(presets)).toContain(settings.preset);
  }
});

test('an embedding model is reached in embeddings alone, a completion model never', () => {
  const { dialectsOf } = connect({ preset: 'openrouter', apiKey: 'key' });
  expect(
    dialectsOf?.({ sent: 'openai/text-embedding-3-small', canonical: 'text-embedding-3-small' }),
  ).toEqual(['embeddings']);
  expect(dialectsOf?.({ sent: 'openai/gpt-5-pro', canonical: 'gpt-5-pro' })).toEqual([
    'chat-completions',
    'responses',
  ]);
  expect(dialectsOf?.({ sent: 'our-tune' })).toBeUndefined();
});

test('vLLM takes the names of Hugging Face', () => {
  expect(presets['vllm']?.models).toEqual(presets['huggingface']?.models);
  expect(presets['vllm']?.models['gpt-oss-20b']).toBe('openai/gpt-oss-20b');
});

test.each([
  ['ollama', ['chat-completions', 'responses']],
  // Hosted vendors fetch images themselves.
  ['groq', undefined],
])('%s takes images inline alone in %o', (preset, inlineAt) => {
  expect(connect({ preset, apiKey: 'key' }).inlineFilesIn).toEqual(inlineAt);
});

test('of a server known by its address alone nothing is known of its responses', () => {
  const connection = connect({
    baseUrl: 'http://127.0.0.1:8000/v1',
    dialects: ['chat-completions', 'responses'],
  });
  expect(connection.dialects).toContain('responses');
  expect(connection.reasonsBesideFunctionsIn).toBeUndefined();
});

test.each([
  ['groq', { 'chat-completions': 4 }],
  ['deepseek', { 'chat-completions': 16 }],
  ['openrouter', { 'chat-completions': 4 }],
  ['xai', { 'chat-completions': 4 }],
  ['fireworks', { 'chat-completions': 4 }],
  ['huggingface', { 'chat-completions': 4 }],
  ['vllm', undefined],
])('%s takes as many stop sequences as %j says', (preset, most) => {
  expect(connect({ preset, apiKey: 'key' }).mostStops).toEqual(most);
});

test('Groq is sent none of the reasoning that answers in chat completions hold', () => {
  expect(connect({ preset: 'groq', apiKey: 'key' }).refuses).toEqual({
    'chat-completions': [
      { path: 'messages[].reasoning_content', message: expect.stringContaining('Groq') },
    ],
  });
  expect(connect({ preset: 'deepseek', apiKey: 'key' }).refuses).toBeUndefined();
});
