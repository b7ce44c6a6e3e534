import { canonicalName, vendorOf } from '@understudy/models';
import type { Dialect } from '@understudy/provider';
import { describeProvider, providerSettings } from '@understudy/provider/testing';
import { expect, test } from 'vitest';
import { modelNames } from './model-names.ts';
import { vertex } from './provider.ts';

describeProvider(vertex, {
  settings: (origin) => ({
    baseUrl: origin,
    project: 'my-project',
    location: 'europe-west1',
    accessToken: 'ya29.tested-token',
  }),
  secret: 'ya29.tested-token',
  headers: { authorization: 'Bearer ya29.tested-token' },
  calls: [
    {
      dialect: 'messages',
      model: 'claude-sonnet-4@20250514',
      modelIn: 'path',
      path: '/v1/projects/my-project/locations/europe-west1/publishers/anthropic/models/claude-sonnet-4%4020250514:rawPredict',
      demanded: { anthropic_version: 'vertex-2023-10-16' },
    },
    {
      dialect: 'generate-content',
      model: 'gemini-3.5-flash',
      modelIn: 'path',
      path: '/v1/projects/my-project/locations/europe-west1/publishers/google/models/gemini-3.5-flash:generateContent',
    },
    {
      dialect: 'chat-completions',
      model: 'meta/llama-3.3-70b-instruct-maas',
      path: '/v1/projects/my-project/locations/europe-west1/endpoints/openapi/chat/completions',
    },
    {
      dialect: 'embed-content',
      model: 'gemini-embedding-2',
      modelIn: 'path',
      path: '/v1/projects/my-project/locations/europe-west1/publishers/google/models/gemini-embedding-2:embedContent',
    },
    {
      dialect: 'predict-embedding',
      model: 'gemini-embedding-001',
      modelIn: 'path',
      path: '/v1/projects/my-project/locations/europe-west1/publishers/google/models/gemini-embedding-001:predict',
    },
  ],
});

const connected = vertex.connect(
  providerSettings('vertex', { project: 'p', accessToken: 't', baseUrl: 'http://127.0.0.1:9' }),
);
const PUBLISHERS = 'http://127.0.0.1:9/v1/projects/p/locations/global/publishers';

test('Mistral is called at the path of its publisher, with the model in the body too', () => {
  expect(connected.surfaces('chat-completions', 'mistral-medium-3')).toMatchObject([
    {
      url: `${PUBLISHERS}/mistralai/models/mistral-medium-3:rawPredict`,
      edits: { model: 'mistral-medium-3' },
    },
  ]);
});

test('Claude is given files inline alone, and Gemini and open models by their URL too', () => {
  expect(connected.inlineFilesIn).toEqual(['messages']);
});

test.each<[string, string | undefined, Dialect | undefined]>([
  ['gemini-embedding-001', 'gemini-embedding-001', 'predict-embedding'],
  ['gemini-embedding-2', 'gemini-embedding-2', 'embed-content'],
  ['text-embedding-005', 'text-embedding-005', 'predict-embedding'],
  ['text-embedding-ours', undefined, 'predict-embedding'],
  ['text-multilingual-embedding-002', undefined, 'predict-embedding'],
  ['gemini-3.5-flash', 'gemini-3.5-flash', 'generate-content'],
])('%s is asked by its own method', (sent, canonical, dialect) => {
  const named = { sent, ...(canonical !== undefined && { canonical }) };
  expect(connected.dialectsOf?.(named)).toEqual([dialect]);
});

test('a call to Claude that may take longer than ten minutes is streamed, and no other', () => {
  const surface = (dialect: Dialect, model: string, maxOutputTokens: number) =>
    connected.surfaces(dialect, model, { maxOutputTokens })[0];
  const [plain] = connected.surfaces('messages', 'claude-opus-4-6');

  expect(plain?.url).toBe(`${PUBLISHERS}/anthropic/models/claude-opus-4-6:rawPredict`);
  expect(surface('messages', 'claude-opus-4-6', 21_333)).toEqual(plain);
  expect(surface('messages', 'claude-opus-4-6', 21_334)).toEqual({
    url: `${PUBLISHERS}/anthropic/models/claude-opus-4-6:streamRawPredict`,
    headers: {},
    edits: { ...plain?.edits, stream: true },
    streamed: 'server-sent-events',
  });
  expect(surface('generate-content', 'gemini-2.5-pro', 65_536)?.streamed).toBeUndefined();
});

test('betas of a call to Claude stand in a header', () => {
  const betas = ['context-1m-2025-08-07', 'files-api-2025-04-14'];
  expect(connected.surfaces('messages', 'claude-opus-4-6', { betas })[0]?.headers).toEqual({
    'anthropic-beta': 'context-1m-2025-08-07,files-api-2025-04-14',
  });
});

test('every model of the table is spoken to in one dialect, that of its publisher', () => {
  const spoken = Object.entries(modelNames).map(([canonical, sent]) => [
    connected.dialectsOf?.({ canonical, sent })?.join(),
    vendorOf(canonical),
  ]);
  expect(new Set(spoken.map((pair) => pair.join(' ')))).toEqual(
    new Set([
      'messages anthropic',
      'generate-content gemini',
      'embed-content gemini',
      'predict-embedding gemini',
      'chat-completions openai',
      'chat-completions meta',
      'chat-completions mistral',
      'chat-completions qwen',
      'chat-completions deepseek',
    ]),
  );
});

test.each([
  ['claude-ft@001', ['messages']],
  ['gemini-4-tuned', ['generate-content']],
  ['gemini-embedding-9', ['embed-content']],
  ['moonshotai/kimi-k9-maas', ['chat-completions']],
  ['something', undefined],
])("the operator's own name %s tells its dialect as far as it can", (sent, dialects) => {
  expect(connected.dialectsOf?.({ sent })).toEqual(dialects);
});

test('a base URL for one dialect is that of no other', () => {
  const connection = vertex.connect(
    providerSettings('vertex', {
      project: 'p',
      accessToken: 't',
      baseUrls: { 'generate-content': 'http://127.0.0.1:9' },
    }),
  );
  expect(connection.surfaces('generate-content', 'gemini-2.5-pro')[0]?.url).toMatch(
    /^http:\/\/127\.0\.0\.1:9\/v1\//,
  );
  expect(connection.surfaces('messages', 'claude-opus-5')[0]?.url).toMatch(
    /^https:\/\/aiplatform\.googleapis\.com\//,
  );
});

function urlAt(location: string | undefined, model = 'claude-opus-4-6'): string | undefined {
  const connection = vertex.connect(
    providerSettings('vertex', {
      project: 'p',
      accessToken: 't',
      ...(location === undefined ? {} : { location }),
    }),
  );
  return connection.surfaces('messages', model)[0]?.url;
}

function pathAt(location: string): string {
  return `/v1/projects/p/locations/${location}/publishers/anthropic/models/claude-opus-4-6:rawPredict`;
}

test('the host follows the location', () => {
  expect(urlAt(undefined)).toBe(`https://aiplatform.googleapis.com${pathAt('global')}`);
  expect(urlAt('eu')).toBe(`https://aiplatform.eu.rep.googleapis.com${pathAt('eu')}`);
  expect(urlAt('us-east5')).toBe(`https://us-east5-aiplatform.googleapis.com${pathAt('us-east5')}`);
});

test('neither a model nor a location changes where a call goes', () => {
  expect(() => urlAt('evil.example/x')).toThrow(/^providers\.tested\.location: /);
  expect(() => urlAt('global', '../../../x')).toThrow(/cannot stand in a URL path/);
  expect(new URL(urlAt('global', 'a/b?c#d') ?? '').pathname).toMatch(
    /\/models\/a%2Fb%3Fc%23d:rawPredict$/,
  );
});

test('a missing project is named', () => {
  expect(() => vertex.connect(providerSettings('vertex', {}))).toThrow(
    /^providers\.tested\.project: missing/,
  );
});

test('every name in the table leads to a model of the catalog', () => {
  for (const canonical of Object.keys(modelNames)) expect(canonicalName(canonical)).toBe(canonical);
});
