import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CredentialsError } from '@understudy/provider';
import {
  listenOnLoopback,
  providerSettings,
  startRecordingProvider,
} from '@understudy/provider/testing';
import { gaxios } from 'google-auth-library';
import { afterEach, expect, test, vi } from 'vitest';
import { googleCredentials } from './google-credentials.ts';

const settings = providerSettings('vertex', { project: 'p' });
const { signal } = new AbortController();

let directory: string | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  if (directory !== undefined) await rm(directory, { recursive: true });
  directory = undefined;
});

async function keyFile(content: string, name = 'key.json'): Promise<string> {
  directory ??= await mkdtemp(join(tmpdir(), 'google-credentials-'));
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

async function useKeyFile(content: string): Promise<void> {
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', await keyFile(content));
}

function serviceAccount(name: string): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return JSON.stringify({
    type: 'service_account',
    project_id: 'p',
    client_email: `${name}@p.iam.gserviceaccount.com`,
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  });
}

function claimsOf(body: string | undefined): unknown {
  const assertion = new URLSearchParams(body).get('assertion') ?? '';
  return JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString());
}

/** Sends what the library would send to Google to a server on loopback. */
function redirectedTo(origin: string): gaxios.Gaxios {
  const transporter = new gaxios.Gaxios();
  transporter.interceptors.request.add({
    resolved: (request) => {
      request.url = new URL(new URL(request.url).pathname, origin);
      return Promise.resolve(request);
    },
  });
  return transporter;
}

test("a service account's key file is exchanged for a token once", async () => {
  await useKeyFile(serviceAccount('understudy'));
  await using google = await startRecordingProvider(
    '{"access_token":"ya29.minted","expires_in":3600,"token_type":"Bearer"}',
  );
  const transporter = redirectedTo(google.baseUrl);
  const credentials = googleCredentials(settings, transporter);

  expect(await credentials(signal)).toEqual({ authorization: 'Bearer ya29.minted' });
  expect(await credentials(signal)).toEqual({ authorization: 'Bearer ya29.minted' });
  expect(google.requests.map(({ path }) => path)).toEqual(['/token']);
  expect(claimsOf(google.requests[0]?.body)).toMatchObject({
    iss: 'understudy@p.iam.gserviceaccount.com',
    scope: 'https://www.googleapis.com/auth/cloud-platform',
  });
});

test('a broken key file is a credentials error that quotes nothing of it', async () => {
  await useKeyFile('{"private_key":"-----BEGIN PRIVATE KEY-----MIIsecret');
  const failure = await googleCredentials(settings)(signal).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CredentialsError);
  expect(String(failure)).toContain('provider tested');
  expect(String(failure)).not.toMatch(/PRIVATE KEY|MIIsecret/);
});

test('an abort ends the wait for a token', async () => {
  await useKeyFile(serviceAccount('understudy'));
  const asked = Promise.withResolvers<undefined>();
  const google = createServer(() => asked.resolve(undefined));
  const transporter = redirectedTo(await listenOnLoopback(google));
  const controller = new AbortController();
  const token = googleCredentials(settings, transporter)(controller.signal);
  await asked.promise;
  controller.abort();
  await expect(token).rejects.toThrow(CredentialsError);
  google.closeAllConnections();
  google.close();
});

test('each provider signs with the service account of its own credentials file', async () => {
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/not/there.json');
  await using google = await startRecordingProvider(
    '{"access_token":"ya29.minted","expires_in":3600,"token_type":"Bearer"}',
  );
  const transporter = redirectedTo(google.baseUrl);
  for (const name of ['first', 'second']) {
    const credentialsFile = await keyFile(serviceAccount(name), `${name}.json`);
    const credentials = googleCredentials({ ...settings, credentialsFile }, transporter);
    expect(await credentials(signal)).toEqual({ authorization: 'Bearer ya29.minted' });
    expect(await credentials(signal)).toEqual({ authorization: 'Bearer ya29.minted' });
  }
  expect(google.requests.map(({ body }) => claimsOf(body))).toMatchObject([
    { iss: 'first@p.iam.gserviceaccount.com', scope: expect.stringContaining('cloud-platform') },
    { iss: 'second@p.iam.gserviceaccount.com' },
  ]);
});

test.each([
  ['is broken', '{"private_key":"-----BEGIN PRIVATE KEY-----MIIsecret'],
  ['holds no service account', '{"type":"authorized_user","refresh_token":"MIIsecret"}'],
  ['holds a key that is none', '{"client_email":"a@b","private_key":"MIIsecret"}'],
])('a credentials file that %s is named, and nothing of it quoted', async (_title, content) => {
  const credentialsFile = await keyFile(content);
  const failure = await googleCredentials({ ...settings, credentialsFile })(signal).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(CredentialsError);
  expect(String(failure)).toContain(`credentialsFile "${credentialsFile}"`);
  expect(String(failure)).not.toMatch(/PRIVATE KEY|MIIsecret/);
});

test('a credentials file that comes late is read then', async () => {
  const credentialsFile = await keyFile('{}');
  await using google = await startRecordingProvider('{"access_token":"ya29.t","expires_in":9}');
  const transporter = redirectedTo(google.baseUrl);
  const credentials = googleCredentials({ ...settings, credentialsFile }, transporter);
  await expect(credentials(signal)).rejects.toThrow(CredentialsError);
  await keyFile(serviceAccount('late'));
  expect(await credentials(signal)).toEqual({ authorization: 'Bearer ya29.t' });
});

test('an access token beside a credentials file is a mistake of the configuration', () => {
  expect(() => googleCredentials({ ...settings, accessToken: 't', credentialsFile: 'f' })).toThrow(
    /^providers\.tested\.credentialsFile: /,
  );
});

test('a call that is over asks for no token', async () => {
  await useKeyFile('{}');
  await expect(googleCredentials(settings)(AbortSignal.abort())).rejects.toThrow(CredentialsError);
});

test('a fixed access token is used as it is', async () => {
  const credentials = googleCredentials({ ...settings, accessToken: 'ya29.fixed' });
  expect(await credentials(signal)).toEqual({ authorization: 'Bearer ya29.fixed' });
});
