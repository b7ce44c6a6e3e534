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
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { awsCredentials } from './aws-credentials.ts';

const settings = providerSettings('bedrock', { region: 'us-east-1' });
const { signal } = new AbortController();

let directory: string;

// The machine's own variables, files and instance role must not answer instead.
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aws-credentials-'));
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  }
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(directory, 'credentials'));
  vi.stubEnv('AWS_CONFIG_FILE', join(directory, 'config'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

test('keys in the environment are found', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'tested-secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'tested-session');
  expect(await awsCredentials(settings, 'us-east-1')(signal)).toMatchObject({
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'tested-secret',
    sessionToken: 'tested-session',
  });
});

test('a profile is found in the shared file', async () => {
  await writeFile(
    join(directory, 'credentials'),
    '[broker]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = profile-secret\n',
  );
  vi.stubEnv('AWS_PROFILE', 'broker');
  expect(await awsCredentials(settings, 'us-east-1')(signal)).toMatchObject({
    accessKeyId: 'AKIDPROFILE',
  });
});

test("a container's role is asked once for many calls", async () => {
  await using container = await startRecordingProvider(
    JSON.stringify({
      AccessKeyId: 'AKIDCONTAINER',
      SecretAccessKey: 'container-secret',
      Token: 'container-token',
      Expiration: '2199-01-01T00:00:00Z',
    }),
  );
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${container.baseUrl}/role`);
  const credentials = awsCredentials(settings, 'us-east-1');
  const found = await Promise.all([credentials(signal), credentials(signal)]);
  found.push(await credentials(signal));
  expect(found.map(({ accessKeyId }) => accessKeyId)).toEqual(Array(3).fill('AKIDCONTAINER'));
  expect(container.requests.map(({ path }) => path)).toEqual(['/role']);
});

test('without any credentials the error names the provider and what to set', async () => {
  const failure = awsCredentials(settings, 'us-east-1')(signal);
  await expect(failure).rejects.toThrow(CredentialsError);
  await expect(failure).rejects.toThrow(/provider tested .*AWS_ACCESS_KEY_ID.*apiKey/);
});

test('an error quotes nothing of what the chain read', async () => {
  await writeFile(
    join(directory, 'config'),
    '[profile broker]\ncredential_process = echo \'{"SecretAccessKey":"process-secret"\'\n',
  );
  vi.stubEnv('AWS_PROFILE', 'broker');
  const failure = await awsCredentials(
    settings,
    'us-east-1',
  )(signal).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CredentialsError);
  expect(String(failure)).not.toMatch(/process-secret|echo|broker/);
  expect(failure).not.toHaveProperty('cause');
});

test('an abort ends the wait for credentials', async () => {
  const asked = Promise.withResolvers<undefined>();
  const container = createServer(() => asked.resolve(undefined));
  const origin = await listenOnLoopback(container);
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${origin}/role`);
  const controller = new AbortController();
  const credentials = awsCredentials(settings, 'us-east-1')(controller.signal);
  await asked.promise;
  controller.abort();
  await expect(credentials).rejects.toThrow(CredentialsError);
  container.closeAllConnections();
  container.close();
});

test('a call that is over asks nobody for credentials', async () => {
  await using container = await startRecordingProvider('{}');
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${container.baseUrl}/role`);
  const credentials = awsCredentials(settings, 'us-east-1')(AbortSignal.abort());
  await expect(credentials).rejects.toThrow(CredentialsError);
  expect(container.requests).toEqual([]);
});
