import type { Dialect, Surface } from '@understudy/provider';
import {
  describeProvider,
  type ExpectedCall,
  providerSettings,
} from '@understudy/provider/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defineBedrock } from './provider.ts';

const APRIL = new Date('2026-04-01T00:00:00Z');
const bedrock = defineBedrock({}, () => APRIL);

const calls: readonly ExpectedCall[] = [
  {
    dialect: 'messages',
    model: 'global.anthropic.claude-sonnet-4-20250514-v1:0',
    modelIn: 'path',
    path: '/model/global.anthropic.claude-sonnet-4-20250514-v1%3A0/invoke',
    demanded: { anthropic_version: 'bedrock-2023-05-31' },
  },
  {
    dialect: 'converse',
    model: 'us.meta.llama3-3-70b-instruct-v1:0',
    modelIn: 'path',
    path: '/model/us.meta.llama3-3-70b-instruct-v1%3A0/converse',
  },
  {
    dialect: 'chat-completions',
    model: 'openai.gpt-oss-120b-1:0',
    path: '/openai/v1/chat/completions',
  },
  { dialect: 'responses', model: 'global.openai.gpt-6.1-sol', path: '/openai/v1/responses' },
  {
    dialect: 'chat-completions',
    model: 'openai.gpt-oss-120b',
    path: '/v1/chat/completions',
    ownPath: true,
  },
  { dialect: 'responses', model: 'openai.gpt-oss-20b', path: '/v1/responses', ownPath: true },
  {
    dialect: 'invoke-embedding',
    model: 'amazon.titan-embed-text-v2:0',
    modelIn: 'path',
    path: '/model/amazon.titan-embed-text-v2%3A0/invoke',
  },
];

const secret = 'ABSKdGVzdGVkLWtleQ==';
const called = {
  settings: (origin: string) => ({ baseUrl: origin, region: 'us-east-1', apiKey: secret }),
  secret,
  headers: { authorization: `Bearer ${secret}` },
};

describeProvider(bedrock, { ...called, calls });

describe('with credentials of AWS', () => {
  const secretAccessKey = 'tested-secret-access-key';

  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDTESTED');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  });
  afterEach(() => vi.unstubAllEnvs());

  describeProvider(bedrock, {
    settings: (origin) => ({ baseUrl: origin, region: 'us-east-1' }),
    secret: secretAccessKey,
    headers: { authorization: expect.stringContaining('Credential=AKIDTESTED/') as string },
    calls,
  });
});

type Connection = ReturnType<typeof bedrock.connect>;
type Members = Parameters<typeof providerSettings>[1];

function connectWith(members: Members, kind = bedrock): Connection {
  return kind.connect(providerSettings('bedrock', { region: 'us-east-1', ...members }));
}

test.each([
  ['global.anthropic.claude-opus-5', ['converse', 'messages']],
  ['anthropic.claude-3-5-haiku-20241022-v1:0', ['converse', 'messages']],
  [
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-5',
    ['converse', 'messages'],
  ],
  ['openai.gpt-5.5', ['chat-completions', 'responses', 'converse']],
  ['openai.gpt-oss-20b-1:0', ['chat-completions', 'responses', 'converse']],
  ['openai.gpt-oss-20b', ['chat-completions', 'responses']],
  ['global.xai.grok-4.7', ['converse']],
  ['amazon.nova-pro-v1:0', ['converse']],
  ['us.cohere.embed-v4:0', ['invoke-embedding']],
  ['amazon.nova-2-multimodal-embeddings-v1:0', ['invoke-embedding']],
  ['arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123', undefined],
])('%s is reached in %o', (sent, dialects) => {
  expect(connectWith({}).dialectsOf?.({ sent })).toEqual(dialects);
});

test('a profile that the operator gives for a known model is reached as that model', () => {
  const sent = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123';
  const { dialectsOf } = connectWith({});
  expect(dialectsOf?.({ sent, canonical: 'claude-opus-5' })).toEqual(['converse', 'messages']);
  expect(dialectsOf?.({ sent, canonical: 'cohere-embed-v4' })).toEqual(['invoke-embedding']);
});

test('of all models in the table it is known in which dialects they are reached', () => {
  const { names, dialectsOf } = connectWith({});
  for (const [canonical, sent] of Object.entries(names.models)) {
    expect({ sent, dialects: dialectsOf?.({ sent, canonical }) }).toEqual({
      sent,
      dialects: dialectsOf?.({ sent }),
    });
  }
});

test('models that reason beside functions in responses alone are known to do so', () => {
  expect(connectWith({}).reasonsBesideFunctionsIn).toBe('responses');
});

function surfaceForTokens(maxOutputTokens: number): Surface | undefined {
  const connection = connectWith({});
  return connection.surfaces('messages', 'us.anthropic.claude-opus-5', { maxOutputTokens })[0];
}

test('a call to Claude that may take long is answered as a stream of events', () => {
  expect(surfaceForTokens(21_333)).toMatchObject({ url: expect.stringMatching(/\/invoke$/) });
  expect(surfaceForTokens(21_333)).not.toHaveProperty('streamed');
  expect(surfaceForTokens(21_334)).toMatchObject({
    url: 'https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-opus-5/invoke-with-response-stream',
    edits: { anthropic_version: 'bedrock-2023-05-31', stream: undefined },
    streamed: 'aws-event-stream',
  });
});

test.each([
  ['global.anthropic.claude-opus-5', 21_334, 'converse-stream'],
  ['global.anthropic.claude-opus-5', 21_333, 'converse'],
  // Calls of tools are not streamed for every model, and few others answer that long.
  ['amazon.nova-pro-v1:0', 64_000, 'converse'],
])('%s is asked for %i tokens by %s', (model, maxOutputTokens, operation) => {
  const [surface] = connectWith({}).surfaces('converse', model, { maxOutputTokens });
  expect(surface?.url).toMatch(new RegExp(`/${operation}$`));
  expect(surface?.streamed).toBe(operation === 'converse-stream' ? 'aws-event-stream' : undefined);
});

test('every model of which something is refused is in the table, and Converse takes its place', () => {
  const { refuses, names, dialectsOf } = connectWith({});
  const refused = (refuses?.messages ?? []).flatMap(({ models = [], by }) =>
    models.map((canonical) => {
      const sent = names.models[canonical] ?? '';
      const spoken = dialectsOf?.({ sent, canonical }) ?? [];
      return { canonical, sent, hasOther: by === undefined || spoken.includes(by) };
    }),
  );
  const wrong = refused.filter(({ sent, hasOther }) => !sent.includes('claude') || !hasOther);
  expect(wrong).toEqual([]);
  expect(refused.length).toBeGreaterThan(20);
});

test('files are taken inline where Bedrock’s own operations are called', () => {
  expect(connectWith({}).inlineFilesIn).toEqual(['converse', 'messages']);
});

test('betas stand in the body', () => {
  const betas = ['context-1m-2025-08-07'];
  const [surface] = connectWith({}).surfaces('messages', 'anthropic.claude-x', { betas });
  expect(surface?.edits).toMatchObject({ anthropic_beta: betas });
  const [plain] = connectWith({}).surfaces('messages', 'anthropic.claude-x', { betas: [] });
  expect(plain?.edits).not.toHaveProperty('anthropic_beta');
});

test('a base URL for one dialect counts for that dialect alone', () => {
  const connection = connectWith({
    baseUrls: { 'chat-completions': 'https://proxy.example/openai/v1/' },
  });
  const urlIn = (dialect: Dialect) => connection.surfaces(dialect, 'openai.gpt-5.5')[0]?.url;
  expect(urlIn('chat-completions')).toBe('https://proxy.example/openai/v1/chat/completions');
  expect(urlIn('responses')).toBe(
    'https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1/responses',
  );
});

test('a configured geography decides the ids', () => {
  const { models } = connectWith({ region: 'eu-west-1', geography: 'eu' }).names;
  expect(models['claude-opus-5']).toBe('eu.anthropic.claude-opus-5');
});

test.each([
  'us.anthropic.claude-opus-5',
  'global.anthropic.claude-opus-5',
  'arn:aws:bedrock:eu-west-1:123456789012:inference-profile/global.anthropic.claude-opus-5',
])('with the geography eu, %s is sent nowhere', (model) => {
  const connection = connectWith({ region: 'eu-west-1', geography: 'eu' });
  expect(() => connection.surfaces('messages', model)).toThrow(/outside geography "eu"/);
});

test('without a geography an id of any geography is sent as it is', () => {
  const [surface] = connectWith({}).surfaces('messages', 'eu.anthropic.claude-opus-5');
  expect(surface?.url).toMatch(/\/eu\.anthropic\.claude-opus-5\/invoke$/);
});

test.each([
  [{}, /^providers\.tested\.region: missing/],
  [{ region: 'evil.example/x-1' }, /^providers\.tested\.region: "evil/],
  [
    { region: 'us-east-1', geography: 'mars' },
    /^providers\.tested\.geography: "mars" is none; give one of global, us, /,
  ],
  [
    { region: 'us-east-1', geography: 'eu' },
    /^providers\.tested\.geography: "eu" cannot be called from region "us-east-1"/,
  ],
])('of %j the region or geography that is missing or wrong is named', (members, problem) => {
  expect(() => bedrock.connect(providerSettings('bedrock', members))).toThrow(problem);
});

test.each([
  ['openai.gpt-oss-120b', 'https://bedrock-mantle.us-east-1.api.aws/v1/chat/completions'],
  [
    'openai.gpt-oss-120b-1:0',
    'https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1/chat/completions',
  ],
])('%s is asked at the host that knows it', (model, url) => {
  expect(connectWith({}).surfaces('chat-completions', model)[0]?.url).toBe(url);
});

const { signal } = new AbortController();

test('a bearer key of the environment is used where none is configured, and nothing is signed', async () => {
  const kind = defineBedrock({ AWS_BEARER_TOKEN_BEDROCK: 'from-environment' }, () => APRIL);
  const fromEnvironment = connectWith({}, kind);
  expect(await fromEnvironment.credentials(signal)).toEqual({
    authorization: 'Bearer from-environment',
  });
  expect(fromEnvironment).not.toHaveProperty('sign');
  expect(await connectWith({ apiKey: 'configured' }, kind).credentials(signal)).toEqual({
    authorization: 'Bearer configured',
  });
});

test('a bearer key that no header can carry is not quoted', () => {
  const kind = defineBedrock({ AWS_BEARER_TOKEN_BEDROCK: 'two words' }, () => APRIL);
  expect(() => connectWith({}, kind)).toThrow(/^(?!.*two words)providers\.tested\.apiKey: /);
});

test('without a bearer key a request is signed with the credentials of the chain', async () => {
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'tested-secret');
  const connection = connectWith({});
  expect(await connection.credentials(signal)).toEqual({});
  const [surface] = connection.surfaces('converse', 'us.meta.llama3-3-70b-instruct-v1:0');
  const url = surface?.url ?? '';
  const request = { method: 'POST' as const, url, headers: {}, body: Buffer.from('{}') };
  const headers = await connection.sign?.(request, signal);
  expect(headers).toMatchObject({ 'x-amz-date': '20260401T000000Z' });
  expect(headers?.['authorization']).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260401\/us-east-1\/bedrock\/aws4_request, /,
  );
  expect(JSON.stringify(headers)).not.toContain('tested-secret');

  const [mantle] = connection.surfaces('chat-completions', 'openai.gpt-oss-120b');
  const other = await connection.sign?.({ ...request, url: mantle?.url ?? '' }, signal);
  expect(other?.['authorization']).toContain('/us-east-1/bedrock-mantle/aws4_request, ');
  vi.unstubAllEnvs();
});
