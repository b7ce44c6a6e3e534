import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createS3Bytes } from './s3-bytes.ts';
import { openPlace } from './testing/bytes-place.ts';
import { serveCutOffUploads } from './testing/cut-off-uploads.ts';
import { describeFileBytes } from './testing/describe-file-bytes.ts';
import { patternOf } from './testing/pattern.ts';
import { S3_CREDENTIALS, startS3Storage } from './testing/s3-storage.ts';
import type { S3Storage } from './testing/s3-storage.ts';

/** Nor are any looked for in files or at the address where a cloud's machine finds its own. */
const WITHOUT_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_CONFIG_FILE: '/dev/null',
};

let storage: S3Storage;

beforeAll(async () => {
  storage = await startS3Storage();
  setEnvironment(S3_CREDENTIALS);
}, 30_000);

afterAll(async () => {
  await storage.stop();
  vi.unstubAllEnvs();
});

describeFileBytes('a bucket', async () =>
  openPlace({ kind: 's3', settings: storage.newSettings() }),
);

test('where no endpoint is set, what goes to Amazon carries its checksums, in parts too', async () => {
  const { bucket, endpoint, prefix } = storage.newSettings();
  setEnvironment({ AWS_ENDPOINT_URL_S3: endpoint });
  onTestFinished(() => setEnvironment({ AWS_ENDPOINT_URL_S3: undefined }));
  const settings = { bucket, region: 'eu-central-1', forcePathStyle: true };
  const bytes = createS3Bytes({ ...settings, prefix });
  await bytes.check();
  const whole = patternOf(1, 12 * 1024 * 1024);
  for (const content of [whole, whole.subarray(0, 1000)]) {
    await bytes.write('p/file-1/part', contentOf(content));
    const stream = await bytes.read('p/file-1/part');
    expect(Buffer.concat((await stream?.toArray()) ?? []).equals(content)).toBe(true);
  }
});

test('of uploads that were cut off, those of the keys that are asked for are aborted, by any number', async () => {
  const keys = ['p/file-1/part', 'p/file-2/part', 'p/video'];
  const { endpoint, left } = await serveCutOffUploads('shared', keys);
  const bytes = createS3Bytes({ bucket: 'shared', endpoint });
  const sweep = () => bytes.removeAbandoned(Date.now(), (key) => key !== 'p/video');
  await Promise.all([sweep(), sweep(), sweep()]);
  expect(left()).toEqual(['p/video']);
});

test('without a prefix keys are the names of objects', async () => {
  const { bucket, endpoint } = storage.newSettings();
  const bytes = createS3Bytes({ bucket, endpoint });
  await bytes.write('plain/file-1/part', contentOf('x'));
  const found = [];
  for await (const { key } of bytes.list('plain/')) found.push(key);
  expect(found).toEqual(['plain/file-1/part']);
});

test.each([
  ['a missing bucket', { bucket: 'nobody-made-it' }, {}, /create it, .* \(NoSuchBucket\)/],
  ['silence', { endpoint: 'http://127.0.0.1:1' }, {}, /files\.s3\.endpoint .* \(ECONNREFUSED\)/],
  ['a want of credentials', {}, WITHOUT_CREDENTIALS, /allow them .* \(CredentialsProviderError\)/],
])(
  '%s is told to the operator with the remedy, and refuses for now',
  async (_, change, environment, message) => {
    setEnvironment(environment);
    onTestFinished(() => setEnvironment(S3_CREDENTIALS));
    const bytes = createS3Bytes({ ...storage.newSettings(), ...change });
    await expect(bytes.check()).rejects.toThrow(message);
    for (const call of [
      () => bytes.write('p/file-1/part', contentOf('x')),
      () => bytes.read('p/file-1/part'),
      () => bytes.list('p/')[Symbol.asyncIterator]().next(),
      () => bytes.removeAbandoned(0, () => true),
      () => bytes.mark('one'),
    ]) {
      await expect(call()).rejects.toMatchObject({
        code: 'unavailable',
        status: 503,
        retryAfterSeconds: expect.any(Number),
        message: expect.stringMatching(message),
      });
    }
  },
);

function setEnvironment(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

async function* contentOf(content: string | Buffer): AsyncGenerator<Buffer> {
  yield Buffer.from(content);
}
