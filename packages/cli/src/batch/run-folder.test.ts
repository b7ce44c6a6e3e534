import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openRunFolder, removeLeftovers } from './run-folder.ts';

const HOUR_MS = 60 * 60_000;
const NOW = Date.parse('2026-11-23T12:00:00Z');
/** Above every process that Linux counts. */
const NO_PROCESS = 2 ** 22 + 1;

function ownTemporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-leftovers-'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  vi.stubEnv('TMPDIR', folder);
  return folder;
}

test('the folder of a run is closed to others, and goes with it', async () => {
  ownTemporary();
  const folder = await openRunFolder();
  expect(statSync(folder.path).mode & 0o777).toBe(0o700);
  await folder[Symbol.asyncDispose]();
  expect(existsSync(folder.path)).toBe(false);
});

test('what a run left behind is removed a day after it was killed, and nothing else', async () => {
  const temporary = ownTemporary();
  await using running = await openRunFolder();
  const folders: [name: string, ageHours: number, stays: boolean, mode?: number][] = [
    [`understudy-batch-${NO_PROCESS}-aB3xYz`, 25, false],
    [`understudy-batch-${NO_PROCESS}-aB3xY0`, 23, true],
    ['understudy-batch-oldOld', 7 * 24, true],
    ['understudy-batch-oldOl0', 8 * 24 + 1, false],
    ['understudy-prompts-oldOl1', 8 * 24 + 1, false],
    ['understudy-batch-of-somebody', 1000, true],
    ['understudy-batch-answer', 1000, true, 0o755],
    [basename(running.path), 48, true],
  ];
  for (const [name, ageHours, , mode = 0o700] of folders) {
    const path = join(temporary, name);
    mkdirSync(join(path, 'inside'), { recursive: true });
    chmodSync(path, mode);
    utimesSync(path, new Date(), new Date(NOW - ageHours * HOUR_MS));
  }
  await removeLeftovers(NOW);
  expect(folders.map(([name]) => existsSync(join(temporary, name)))).toEqual(
    folders.map(([, , stays]) => stays),
  );
});
