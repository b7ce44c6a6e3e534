import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { CredentialsError } from '@understudy/provider';
import { listenOnLoopback, providerSettings } from '@understudy/provider/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { azureCredentials } from './azure-credentials.ts';

const settings = providerSettings('azure', { resource: 'r' });
const { signal } = new AbortController();

// The identity endpoint of an App Service, which is plain HTTP: one for all tests, as the library
// stays with the first that it finds.
const requests: { resource: string | null; identityHeader: unknown }[] = [];
let reply: (response: ServerResponse) => void = () => undefined;
const identityService = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://identity');
  const identityHeader = request.headers['x-identity-header'];
  requests.push({ resource: searchParams.get('resource'), identityHeader });
  reply(response);
});
let origin = '';

beforeAll(async () => {
  origin = await listenOnLoopback(identityService);
});

beforeEach(() => {
  requests.length = 0;
  reply = grantToken;
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'ManagedIdentityCredential');
  vi.stubEnv('IDENTITY_ENDPOINT', `${origin}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'identity-header-secret');
  // The library keeps tokens by identity for the whole process, so each test is another one.
  vi.stubEnv('AZURE_CLIENT_ID', randomUUID());
});

afterEach(() => {
  vi.unstubAllEnvs();
});

afterAll(() => {
  identityService.closeAllConnections();
  identityService.close();
});

function grantToken(response: ServerResponse): void {
  const expiresOn = Math.floor(Date.now() / 1000) + 3600;
  answer(response, 200, {
    access_token: 'entra-token-secret',
    expires_on: String(expiresOn),
    resource: 'https://ai.azure.com',
    token_type: 'Bearer',
  });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

test('a managed identity is asked for a token once, for the scope of Foundry', async () => {
  const credentials = azureCredentials(settings);
  const bearer = { authorization: 'Bearer entra-token-secret' };
  expect(await credentials(signal)).toEqual(bearer);
  expect(await credentials(signal)).toEqual(bearer);
  expect(requests).toEqual([
    { resource: 'https://ai.azure.com', identityHeader: 'identity-header-secret' },
  ]);
});

test('calls that begin together share one request for a token', async () => {
  const credentials = azureCredentials(settings);
  await Promise.all([credentials(signal), credentials(signal), credentials(signal)]);
  expect(requests).toHaveLength(1);
});

test('a refused identity is a credentials error that quotes nothing of the answer', async () => {
  reply = (response) => {
    answer(response, 400, { error: 'invalid_request', error_description: 'the answer-secret' });
  };
  const failure = await azureCredentials(settings)(signal).catch((error: unknown) => error);
  expect(requests).toHaveLength(1);
  expect(failure).toBeInstanceOf(CredentialsError);
  expect(String(failure)).toMatch(/provider tested .*apiKey or accessToken/);
  expect(String(failure)).not.toContain('secret');
});

test('after a failure the next call asks again', async () => {
  reply = (response) => answer(response, 400, { error: 'invalid_request' });
  const credentials = azureCredentials(settings);
  await expect(credentials(signal)).rejects.toThrow(CredentialsError);
  reply = grantToken;
  expect(await credentials(signal)).toEqual({ authorization: 'Bearer entra-token-secret' });
});

test('without any identity the error says what to set', async () => {
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'EnvironmentCredential');
  for (const name of ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET']) {
    vi.stubEnv(name, undefined);
  }
  await expect(azureCredentials(settings)(signal)).rejects.toThrow(
    /Entra gave no access token for provider tested .*AZURE_CLIENT_SECRET/,
  );
});

test('an abort ends the wait of its own call alone', async () => {
  const asked = Promise.withResolvers<ServerResponse>();
  reply = asked.resolve;
  const credentials = azureCredentials(settings);
  const controller = new AbortController();
  const ended = credentials(controller.signal);
  const waiting = credentials(signal);
  const response = await asked.promise;
  controller.abort();
  await expect(ended).rejects.toThrow(CredentialsError);
  grantToken(response);
  expect(await waiting).toEqual({ authorization: 'Bearer entra-token-secret' });
});

test('a call that is over asks for no token', async () => {
  await expect(azureCredentials(settings)(AbortSignal.abort())).rejects.toThrow(CredentialsError);
  expect(requests).toEqual([]);
});

test('a key goes before a fixed access token, and that one before Entra', async () => {
  const accessToken = 'fixed-token';
  expect(await azureCredentials({ ...settings, accessToken })(signal)).toEqual({
    authorization: 'Bearer fixed-token',
  });
  expect(await azureCredentials({ ...settings, accessToken, apiKey: 'key' })(signal)).toEqual({
    'api-key': 'key',
  });
});

test('a key that no header can carry is named and not quoted', () => {
  expect(() => azureCredentials({ ...settings, apiKey: 'sec\nret' })).toThrow(
    /^providers\.tested\.apiKey: (?!.*sec)/,
  );
});
