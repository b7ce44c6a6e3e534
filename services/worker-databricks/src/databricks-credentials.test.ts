import { createServer } from 'node:http';
import { CredentialsError, type ProviderSettings } from '@understudy/provider';
import {
  listenOnLoopback,
  providerSettings,
  startRecordingProvider,
} from '@understudy/provider/testing';
import { expect, test } from 'vitest';
import { databricksCredentials } from './databricks-credentials.ts';

const { signal } = new AbortController();
const client = { clientId: 'principal-1', clientSecret: 'dose-very-secret' };

function settingsOf(members: Partial<ProviderSettings>): ProviderSettings {
  return providerSettings('databricks', { host: 'h', ...members });
}

test('a token is asked for once, for all who wait, and again a minute before its end', async () => {
  let now = 1_000;
  await using workspace = await startRecordingProvider(
    '{"access_token":"eyJminted","token_type":"Bearer","expires_in":3600}',
  );
  const credentials = databricksCredentials(settingsOf(client), workspace.baseUrl, () => now);
  const asked = [credentials.authorization(signal), credentials.authorization(signal)];
  expect(await Promise.all(asked)).toEqual(['Bearer eyJminted', 'Bearer eyJminted']);
  now += 3_539_999;
  await credentials.authorization(signal);
  expect(workspace.requests).toMatchObject([
    {
      method: 'POST',
      path: '/oidc/v1/token',
      body: 'grant_type=client_credentials&scope=all-apis',
      headers: {
        authorization: `Basic ${Buffer.from('principal-1:dose-very-secret').toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    },
  ]);
  now += 1;
  await credentials.authorization(signal);
  expect(workspace.requests).toHaveLength(2);
  await credentials.close();
});

test.each([
  ['refuses the client', 401, '{"error":"invalid_client","error_description":"dose-very-secret"}'],
  ['answers with a page', 200, '<html>dose-very-secret</html>'],
  ['gives no token', 200, '{"token_type":"Bearer"}'],
  ['gives a token that no header can carry', 200, '{"access_token":"a\\nb"}'],
])('a workspace that %s is a credentials error without secrets', async (_title, status, body) => {
  await using workspace = await startRecordingProvider(body, status);
  const credentials = databricksCredentials(settingsOf(client), workspace.baseUrl, () => 0);
  const failure = await credentials.authorization(signal).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CredentialsError);
  expect(String(failure)).toContain(`provider tested (status ${status}): check clientId`);
  expect(String(failure)).not.toContain('dose-very-secret');
  await credentials.authorization(signal).catch(() => undefined);
  expect(workspace.requests).toHaveLength(2);
  await credentials.close();
});

test('a workspace that cannot be reached is a credentials error that names it', async () => {
  const credentials = databricksCredentials(settingsOf(client), 'http://127.0.0.1:1', () => 0);
  await expect(credentials.authorization(signal)).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:1\/oidc\/v1\/token gave no access token for provider tested/,
  );
  await credentials.close();
});

test('a call that ends leaves the token to the others', async () => {
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<() => void>();
  const server = createServer((_request, response) => {
    onAsked(() => response.end('{"access_token":"late","expires_in":3600}'));
  });
  const origin = await listenOnLoopback(server);
  const credentials = databricksCredentials(settingsOf(client), origin, () => 0);
  const ending = new AbortController();
  const ended = credentials.authorization(ending.signal);
  const waiting = credentials.authorization(signal);
  const answer = await asked;
  ending.abort();
  await expect(ended).rejects.toThrow(CredentialsError);
  answer();
  expect(await waiting).toBe('Bearer late');
  await credentials.close();
  server.closeAllConnections();
  server.close();
});

test.each([
  [{ clientId: 'c' }, /^providers\.tested\.clientSecret: missing/],
  [{ clientSecret: 's' }, /^providers\.tested\.clientId: missing/],
  [{ ...client, token: 'dapi' }, /^providers\.tested\.clientId: given beside token/],
  [{}, /^providers\.tested\.token: missing/],
])('credentials that are not whole, or given twice, are named (%#)', (members, message) => {
  expect(() => databricksCredentials(settingsOf(members), 'http://h', () => 0)).toThrow(message);
});
