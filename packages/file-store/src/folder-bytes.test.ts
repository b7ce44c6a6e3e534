import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { createFolderBytes } from './folder-bytes.ts';
import { openPlace } from './testing/bytes-place.ts';
import { describeFileBytes } from './testing/describe-file-bytes.ts';

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function* content(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

describeFileBytes('a folder', async () =>
  openPlace({ kind: 'folder', path: join(await newFolder(), 'files') }),
);

test('only the owner of the folder reads what is in it', async () => {
  const path = join(await newFolder(), 'deep', 'files');
  await createFolderBytes(path).write('p/file-1/part', content('a secret'));
  for (const [below, mode] of [
    ['', 0o700],
    ['p', 0o700],
    ['p/file-1', 0o700],
    ['p/file-1/part', 0o600],
  ] as const) {
    expect({ below, mode: (await stat(join(path, below))).mode & 0o777 }).toEqual({ below, mode });
  }
});

test('a write that was cut off stays out of sight until it is swept', async () => {
  const path = await newFolder();
  const bytes = createFolderBytes(path);
  await bytes.write('p/file-1/part', content('whole'));
  const leftover = join(path, '.unfinished', 'cut-off');
  await writeFile(leftover, 'hal');
  await bytes.removeAbandoned((await stat(leftover)).mtimeMs - 1, () => true);
  expect(await readdir(join(path, '.unfinished'))).toEqual(['cut-off']);
  await bytes.removeAbandoned((await stat(leftover)).mtimeMs + 1, () => true);
  expect(await readdir(join(path, '.unfinished'))).toEqual([]);
  expect(await readdir(path, { recursive: true })).toContain('p/file-1/part');
});

test('a folder that fills up refuses for now, and keeps nothing of what did not fit', async () => {
  const path = await newFolder();
  const program = new URL('./testing/fill-folder.ts', import.meta.url).pathname;
  // The largest file this shell allows stands in for the room on a disk: 1024 blocks of 512 bytes.
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    `trap '' XFSZ; ulimit -f 1024; exec "$0" "$@"`,
    process.execPath,
    program,
    path,
  ]);
  const { code, status, retryAfterSeconds, message } = JSON.parse(stdout);
  expect({ code, status }).toEqual({ code: 'unavailable', status: 503 });
  expect(retryAfterSeconds).toBeGreaterThan(0);
  expect(message).toMatch(/full \(EFBIG\), nothing was stored/);
  expect(message).not.toContain(path);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  expect(entries.filter((entry) => entry.isFile())).toEqual([]);
});

test('a folder that cannot be made is named to its operator, and to callers only as a setting', async () => {
  const file = join(await newFolder(), 'a-file');
  await writeFile(file, '');
  const bytes = createFolderBytes(join(file, 'files'));
  await expect(bytes.check()).rejects.toThrow(
    /cannot be stored in .*a-file\/files \(ENOTDIR\); .* files\.path$/,
  );
  await expect(bytes.write('p/file-1/part', content('x'))).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.not.stringContaining('a-file'),
  });
  expect(await bytes.read('p/file-1/part')).toBeUndefined();
});

test.runIf(process.platform === 'linux')(
  'a folder that the system lets nobody make is refused at once',
  async () => {
    const write = createFolderBytes('/proc/files').write('p/file-1/part', content('lost'));
    await expect(write).rejects.toThrow('cannot be used by this service (ENOENT)');
  },
);
