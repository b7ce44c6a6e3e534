import { createServer } from 'node:http';
import { once } from 'node:events';
import { canonicalName } from '@understudy/models';
import type { Dialect, SurfaceNeeds } from '@understudy/provider';
import {
  describeProvider,
  listenOnLoopback,
  providerSettings,
  startRecordingProvider,
} from '@understudy/provider/testing';
import { expect, test } from 'vitest';
import { askWorkspaceId } from './ask-workspace-id.ts';
import { gatewayNames, modelNames } from './model-names.ts';
import { databricks, defineDatabricks } from './provider.ts';

const model = 'databricks-claude-opus-4-7';

describeProvider(databricks, {
  settings: (origin) => ({ host: origin, token: 'dapi-tested-token' }),
  secret: 'dapi-tested-token',
  headers: { authorization: 'Bearer dapi-tested-token' },
  calls: [
    { dialect: 'messages', model, path: '/ai-gateway/anthropic/v1/messages' },
    { dialect: 'responses', model, path: '/ai-gateway/openai/v1/responses' },
    { dialect: 'chat-completions', model, path: '/ai-gateway/mlflow/v1/chat/completions' },
    {
      dialect: 'generate-content',
      model: 'databricks-gemini-3-5-flash',
      modelIn: 'path',
      path: '/ai-gateway/gemini/v1beta/models/databricks-gemini-3-5-flash:generateContent',
    },
    { dialect: 'embeddings', model, path: '/serving-endpoints/embeddings' },
  ],
});

type Connection = ReturnType<typeof databricks.connect>;

function connectTo(host: string, kind = databricks): Connection {
  return kind.connect(providerSettings('databricks', { host, token: 'dapi' }));
}

function urls(connection: Connection): string[] {
  return connection.surfaces('messages', model).map(({ url }) => url);
}

test('on Azure the gateway host comes from the workspace host, and direct serving comes last', () => {
  expect(urls(connectTo('adb-984752964297111.11.azuredatabricks.net'))).toEqual([
    'https://984752964297111.0.ai-gateway.azuredatabricks.net/anthropic/v1/messages',
    'https://adb-984752964297111.11.azuredatabricks.net/ai-gateway/anthropic/v1/messages',
    'https://adb-984752964297111.11.azuredatabricks.net/serving-endpoints/anthropic/v1/messages',
  ]);
});

test('on AWS the gateway host comes from an address that holds the workspace id', () => {
  expect(
    urls(connectTo('https://dbc-a1b2c3d4-e5f6.cloud.databricks.com/?o=7474660200307946')),
  ).toEqual([
    'https://7474660200307946.ai-gateway.cloud.databricks.com/anthropic/v1/messages',
    'https://dbc-a1b2c3d4-e5f6.cloud.databricks.com/ai-gateway/anthropic/v1/messages',
    'https://dbc-a1b2c3d4-e5f6.cloud.databricks.com/serving-endpoints/anthropic/v1/messages',
  ]);
});

test('on AWS the workspace is asked for its id, and again only after ten minutes without answer', async () => {
  let now = 0;
  const answers = [undefined, '7474660200307946'];
  const kind = defineDatabricks(
    () => now,
    () => Promise.resolve(answers.shift()),
  );
  const connection = connectTo('dbc-a1b2c3d4-e5f6.cloud.databricks.com', kind);
  const { signal } = new AbortController();
  await connection.credentials(signal);
  await connection.credentials(signal);
  expect(urls(connection)).toHaveLength(2);
  expect(answers).toHaveLength(1);
  now += 600_000;
  await connection.credentials(signal);
  expect(urls(connection)[0]).toBe(
    'https://7474660200307946.ai-gateway.cloud.databricks.com/anthropic/v1/messages',
  );
});

test('the id is in the headers of any REST answer, and a silent host is no error', async () => {
  const server = createServer((request, response) => {
    const asked = request.headers.authorization === 'Bearer t' && request.url?.startsWith('/api/');
    response.writeHead(403, asked ? { 'x-databricks-org-id': '42' } : {}).end('{}');
  });
  const origin = await listenOnLoopback(server);
  const { signal } = new AbortController();
  expect(await askWorkspaceId(origin, 'Bearer t', signal)).toBe('42');
  expect(await askWorkspaceId(origin, 'Bearer other', signal)).toBeUndefined();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  expect(await askWorkspaceId(origin, 'Bearer t', signal)).toBeUndefined();
});

test('a surface that misses a model is passed over for ten minutes, for that model and dialect', () => {
  let now = 0;
  const connection = connectTo(
    'adb-1.1.azuredatabricks.net',
    defineDatabricks(() => now),
  );
  const ids = (dialect: 'messages' | 'responses', name: string): unknown[] =>
    connection.surfaces(dialect, name).map(({ id }) => id);
  const [gateway] = connection.surfaces('messages', model);
  connection.learn?.(gateway!, 'messages', model, true);
  expect(ids('messages', model)).toEqual(['workspace-gateway', 'serving-endpoints']);
  expect(ids('messages', 'other')).toHaveLength(3);
  expect(ids('responses', model)).toHaveLength(3);
  now += 599_999;
  expect(ids('messages', model)).toHaveLength(2);
  now += 1;
  expect(ids('messages', model)).toHaveLength(3);
});

test('a surface that answers again is believed at once', () => {
  const connection = connectTo('adb-1.1.azuredatabricks.net');
  const [gateway] = connection.surfaces('messages', model);
  connection.learn?.(gateway!, 'messages', model, true);
  connection.learn?.(gateway!, 'messages', model, false);
  expect(connection.surfaces('messages', model)).toHaveLength(3);
});

test('a model missing everywhere costs one call, to direct serving', () => {
  const connection = connectTo('http://127.0.0.1:9');
  for (const surface of connection.surfaces('messages', model)) {
    connection.learn?.(surface, 'messages', model, true);
  }
  expect(connection.surfaces('messages', model).map(({ id }) => id)).toEqual(['serving-endpoints']);
});

test('a base URL for a dialect is its only surface', () => {
  const connection = databricks.connect(
    providerSettings('databricks', {
      host: 'adb-1.1.azuredatabricks.net',
      token: 'dapi',
      baseUrls: { messages: 'http://127.0.0.1:9/anthropic' },
    }),
  );
  expect(urls(connection)).toEqual(['http://127.0.0.1:9/anthropic/v1/messages']);
});

test('the gateway gets its own name of a model from our table, and the serving path the other', () => {
  const connection = connectTo('adb-1.1.azuredatabricks.net');
  const gemini = 'databricks-gemini-3-flash';
  const named = connection.surfaces('generate-content', gemini, {
    canonical: 'gemini-3-flash-preview',
  });
  expect(named.map(({ url, modelSent }) => [url, modelSent])).toEqual([
    [
      'https://1.0.ai-gateway.azuredatabricks.net/gemini/v1beta/models/system.ai.gemini-3-flash:generateContent',
      'system.ai.gemini-3-flash',
    ],
    [
      'https://adb-1.1.azuredatabricks.net/ai-gateway/gemini/v1beta/models/system.ai.gemini-3-flash:generateContent',
      'system.ai.gemini-3-flash',
    ],
    [
      `https://adb-1.1.azuredatabricks.net/serving-endpoints/gemini/v1beta/models/${gemini}:generateContent`,
      undefined,
    ],
  ]);
  const messages = connection.surfaces('messages', model, { canonical: 'claude-opus-4-7' });
  expect(messages.map(({ edits }) => edits['model'])).toEqual([
    'system.ai.claude-opus-4-7',
    'system.ai.claude-opus-4-7',
    model,
  ]);
});

test('a name that the operator chose, or the gateway has no other for, is sent everywhere', () => {
  const connection = connectTo('adb-1.1.azuredatabricks.net');
  const sent = (name: string, needs?: SurfaceNeeds): unknown[] =>
    connection
      .surfaces('messages', name, needs)
      .map(({ edits, modelSent }) => [edits['model'], modelSent]);
  const haiku = 'databricks-claude-haiku-5-5';
  expect(sent(model)).toEqual(Array.from({ length: 3 }, () => [model, undefined]));
  expect(sent(haiku, { canonical: 'claude-haiku-5-5' })).toEqual(
    Array.from({ length: 3 }, () => [haiku, undefined]),
  );
});

test('what is learned of a surface holds under either name', () => {
  const connection = connectTo('adb-1.1.azuredatabricks.net');
  const needs = { canonical: 'claude-opus-4-7' };
  const [gateway] = connection.surfaces('messages', model, needs);
  connection.learn?.(gateway!, 'messages', model, true);
  expect(connection.surfaces('messages', model, needs)).toHaveLength(2);
});

test('every name behind the gateway alone is another than the one in the table', () => {
  for (const [canonical, name] of Object.entries(gatewayNames)) {
    expect(modelNames[canonical]).toMatch(/^databricks-/);
    expect(name).toMatch(/^system\.ai\./);
  }
});

test('what the mlflow path refuses is said beforehand, and of no other path', () => {
  const { refuses } = connectTo('h');
  expect(Object.keys(refuses ?? {})).toEqual(['chat-completions']);
  expect(refuses?.['chat-completions']).toMatchObject([
    { path: 'store', holds: false },
    { path: 'tools[].function.strict', holds: false },
    { path: 'response_format', by: 'messages' },
  ]);
});

test.each<[string, readonly Dialect[] | undefined]>([
  ['claude-opus-5-5', ['messages', 'chat-completions']],
  ['gpt-5.5', ['responses', 'chat-completions']],
  ['gpt-5.3-codex', ['responses']],
  ['gpt-oss-120b', ['chat-completions']],
  ['gemini-3.5-flash', ['generate-content', 'chat-completions']],
  ['llama-4-maverick', ['chat-completions']],
  ['deepseek-v4-pro', ['chat-completions']],
  ['somebody-elses-model', undefined],
])('%s is spoken to in its vendor’s dialect first', (canonical, dialects) => {
  expect(connectTo('h').dialectsOf?.({ sent: 'databricks-x', canonical })).toEqual(dialects);
});

test.each(['host', 'baseUrl'])(
  'tokens of a service principal are fetched from the %s',
  async (field) => {
    await using workspace = await startRecordingProvider(
      '{"access_token":"eyJminted","expires_in":3600}',
    );
    const connection = databricks.connect(
      providerSettings('databricks', {
        [field]: workspace.baseUrl,
        clientId: 'principal',
        clientSecret: 'dose',
      }),
    );
    const { signal } = new AbortController();
    expect(await connection.credentials(signal)).toEqual({ authorization: 'Bearer eyJminted' });
    expect(workspace.requests.map(({ path }) => path)).toEqual(['/oidc/v1/token']);
    await connection.close?.();
  },
);

test('betas of a Messages call stand in a header', () => {
  const betas = ['context-1m-2025-08-07'];
  expect(connectTo('h').surfaces('messages', model, { betas })[0]?.headers).toEqual({
    'anthropic-beta': 'context-1m-2025-08-07',
  });
});

test('a missing token or host is named', () => {
  expect(() => databricks.connect(providerSettings('databricks', { host: 'h' }))).toThrow(
    /^providers\.tested\.token: missing/,
  );
  expect(() => databricks.connect(providerSettings('databricks', { token: 't' }))).toThrow(
    /^providers\.tested\.host: missing/,
  );
  expect(() => connectTo('http://')).toThrow(/^providers\.tested\.host: /);
});

test('every name in the table leads to a model of the catalog', () => {
  for (const canonical of Object.keys(modelNames)) expect(canonicalName(canonical)).toBe(canonical);
});
