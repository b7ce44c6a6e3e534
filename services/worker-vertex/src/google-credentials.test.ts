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

async function useKeyFile(content: string): Promise<void> {
  directory = await mkdtemp(join(tmpdir(), 'google-credentials-'));
  const path = join(directory, 'key.json');
  await writeFile(path, content);
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', path);
}

async function useServiceAccount(): Promise<void> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await useKeyFile(
    JSON.stringify({
      type: 'service_account',
      project_id: 'p',
      client_email: 'understudy@p.iam.gserviceaccount.com',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    }),
  );
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
  await useServiceAccount();
  await using google = await startRecordingProvider(
    '{"access_token":"ya29.minted","expires_in":3600,"token_type":"Bearer"}',
  );
  const transporter = redirectedTo(google.baseUrl);
  const credentials = googleCredentials(settings, { clientOptions: { transporter } });

  expect(await credentials(signal)).toEqual({ authorization: 'Bearer ya29.minted' });
  expect(await credentials(signal)).toEqual({ authorization: 'Bearer ya29.minted' });
  expect(google.requests.map(({ path }) => path)).toEqual(['/token']);
  const assertion = new URLSearchParams(google.requests[0]?.body).get('assertion') ?? '';
  const claims = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toMatchObject({
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
  await useServiceAccount();
  const asked = Promise.withResolvers<undefined>();
  const google = createServer(() => asked.resolve(undefined));
  const transporter = redirectedTo(await listenOnLoopback(google));
  const controller = new AbortController();
  const token = googleCredentials(settings, { clientOptions: { transporter } })(controller.signal);
  await asked.promise;
  controller.abort();
  await expect(token).rejects.toThrow(CredentialsError);
  google.closeAllConnections();
  google.close();
});

test('a call that is over asks for no token', async () => {
  await useKeyFile('{}');
  await expect(googleCredentials(settings)(AbortSignal.abort())).rejects.toThrow(CredentialsError);
});

test('a fixed access token is used as it is', async () => {
  const credentials = googleCredentials({ ...settings, accessToken: 'ya29.fixed' });
  expect(await credentials(signal)).toEqual({ authorization: 'Bearer ya29.fixed' });
});
