import { createServer } from 'node:http';
import { once } from 'node:events';
import { canonicalName } from '@understudy/models';
import { describeProvider, listenOnLoopback, providerSettings } from '@understudy/provider/testing';
import { expect, test } from 'vitest';
import { askWorkspaceId } from './ask-workspace-id.ts';
import { modelNames } from './model-names.ts';
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
