import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLogger } from '@understudy/runtime';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { openFileStore } from './open-file-store.ts';

const LIMITS = { maxBytes: 1000, retentionMs: 1000 };

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('the SDK for S3 is read only by a process whose files live there', async () => {
  const program = new URL('./testing/loaded-sdk.ts', import.meta.url).pathname;
  const run = async (settings: object): Promise<string> => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      program,
      JSON.stringify({ path: await newFolder(), ...LIMITS, ...settings }),
    ]);
    return stdout;
  };
  expect(await run({})).toBe('false');
  expect(await run({ s3: { bucket: 'files', endpoint: 'http://127.0.0.1:1' } })).toBe('true');
});

test('a place that cannot be written to is logged with the remedy, and the store opens', async () => {
  const file = join(await newFolder(), 'a-file');
  await writeFile(file, '');
  const logger = createLogger('test', 'silent');
  const error = vi.spyOn(logger, 'error');
  const { files } = await openFileStore({
    redis: openTestRedis(),
    keyPrefix: uniqueKeyPrefix(),
    settings: { path: file, ...LIMITS },
    logger,
  });
  await vi.waitFor(() => expect(error).toHaveBeenCalled());
  expect(error.mock.calls[0]?.[1]).toMatch(/files cannot be stored in .*a-file .* files\.path/);
  expect(await files.list('acme', { limit: 1 })).toEqual({ files: [], hasMore: false });
});
