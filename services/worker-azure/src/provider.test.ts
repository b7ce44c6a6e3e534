import { canonicalName } from '@understudy/models';
import type { ProviderSettings } from '@understudy/provider';
import { describeProvider, providerSettings } from '@understudy/provider/testing';
import { expect, test } from 'vitest';
import { claudeNames, modelNames } from './model-names.ts';
import { azure } from './provider.ts';

describeProvider(azure, {
  settings: (origin) => ({ baseUrl: `${origin}/openai/v1`, apiKey: 'azure-tested-key' }),
  secret: 'azure-tested-key',
  headers: { 'api-key': 'azure-tested-key' },
  calls: [
    { dialect: 'chat-completions', model: 'our-gpt', path: '/openai/v1/chat/completions' },
    { dialect: 'responses', model: 'gpt-5.5', path: '/openai/v1/responses' },
    {
      dialect: 'embeddings',
      model: 'text-embedding-3-small',
      path: '/openai/v1/embeddings',
    },
    { dialect: 'messages', model: 'claude-opus-5', path: '/anthropic/v1/messages' },
  ],
});

function connect(members: Partial<ProviderSettings>) {
  return azure.connect(providerSettings('azure', { apiKey: 'k', ...members }));
}

function urlOf(members: Partial<ProviderSettings>, dialect: 'messages' | 'responses') {
  return connect(members).surfaces(dialect, 'm')[0]?.url;
}

test("a resource's name gives the hosts of both its APIs", () => {
  const resource = 'our-resource';
  expect(urlOf({ resource }, 'responses')).toBe(
    'https://our-resource.openai.azure.com/openai/v1/responses',
  );
  expect(urlOf({ resource }, 'messages')).toBe(
    'https://our-resource.services.ai.azure.com/anthropic/v1/messages',
  );
});

test("Anthropic's API is found beside the base URL of OpenAI's", () => {
  expect(urlOf({ baseUrl: 'https://r.openai.azure.com/openai/v1/' }, 'messages')).toBe(
    'https://r.services.ai.azure.com/anthropic/v1/messages',
  );
  expect(urlOf({ baseUrl: 'https://r.services.ai.azure.com/openai/v1' }, 'messages')).toBe(
    'https://r.services.ai.azure.com/anthropic/v1/messages',
  );
  const baseUrls = { messages: 'http://proxy:1/claude' };
  expect(urlOf({ resource: 'r', baseUrls }, 'messages')).toBe('http://proxy:1/claude/v1/messages');
});

test('behind a gateway of another layout Claude is offered once its place is given', () => {
  const baseUrl = 'https://gateway.example/llm';
  const without = connect({ baseUrl });
  expect(without.dialects).not.toContain('messages');
  expect(Object.keys(without.names.models)).not.toContain('claude-opus-5');
  expect(without.dialectsOf?.({ sent: 'c', canonical: 'claude-opus-5' })).toEqual([]);
  expect(() => without.surfaces('messages', 'c')).toThrow('does not speak');

  const told = connect({ baseUrl, baseUrls: { messages: 'https://gateway.example/claude' } });
  expect(told.dialects).toContain('messages');
  expect(told.names.models['claude-opus-5']).toBe('claude-opus-5');
});

test('Claude is called with the version that all its models take', () => {
  expect(connect({ resource: 'r' }).surfaces('messages', 'claude-opus-5')[0]?.headers).toEqual({
    'anthropic-version': '2023-06-01',
  });
});

test.each([
  ['claude-opus-5', ['messages']],
  ['gpt-5.5', ['chat-completions', 'responses']],
  ['gpt-5-codex', ['responses']],
  ['text-embedding-3-small', ['embeddings']],
  ['gpt-oss-120b', ['chat-completions']],
  ['deepseek-v3.2', ['chat-completions']],
  [undefined, ['chat-completions', 'responses', 'embeddings']],
])('a deployment of %s is reached in %j', (canonical, dialects) => {
  const model = { sent: 'our-deployment', ...(canonical === undefined ? {} : { canonical }) };
  expect(connect({ resource: 'r' }).dialectsOf?.(model)).toEqual(dialects);
});

test('models that reason beside functions in responses alone are known to do so', () => {
  expect(connect({ resource: 'r' }).reasonsBesideFunctionsIn).toBe('responses');
});

test('a missing resource is named, and one that is no part of a host is refused', () => {
  expect(() => connect({})).toThrow(/^providers\.tested\.resource: missing/);
  for (const resource of ['evil.example/', 'a.b', 'a@b', '-a', 'a#', 'a:1', '..']) {
    expect(() => connect({ resource })).toThrow(/^providers\.tested\.resource: .*no name/);
  }
});

test('every name in the tables leads to a model of the catalog', () => {
  for (const canonical of Object.keys({ ...modelNames, ...claudeNames })) {
    expect(canonicalName(canonical)).toBe(canonical);
  }
});

test('a long call of Claude is streamed, and betas stand in a header', () => {
  const connection = azure.connect(
    providerSettings('azure', { resource: 'our-resource', apiKey: 'key' }),
  );
  const [short] = connection.surfaces('messages', 'claude-opus-5', { betas: ['one', 'two'] });
  expect(short?.headers).toMatchObject({ 'anthropic-beta': 'one,two' });
  const [asked] = connection.surfaces('messages', 'claude-opus-5', { askedBetas: ['one'] });
  expect(asked?.headers).not.toHaveProperty('anthropic-beta');
  expect(short?.streamed).toBeUndefined();
  const [long] = connection.surfaces('messages', 'claude-opus-5', { maxOutputTokens: 64_000 });
  expect(long).toMatchObject({ streamed: 'server-sent-events', edits: { stream: true } });
});
