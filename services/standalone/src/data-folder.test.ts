import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { takeDataFolder } from './data-folder.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'understudy-data-'));

test('a folder is held by one start at a time', () => {
  const path = newFolder();
  const folder = takeDataFolder(path);
  expect(() => takeDataFolder(path)).toThrow(
    new RegExp(`another Understudy \\(process ${process.pid}\\) runs on .* --data`),
  );
  folder.release();
  takeDataFolder(path).release();
});

test('the lock of a start that was killed holds nobody up, even when its id lives on', () => {
  const path = newFolder();
  const lock = join(path, 'standalone.pid');
  takeDataFolder(path);
  const own = readFileSync(lock, 'utf8');
  writeFileSync(lock, `${process.pid} 1`);
  takeDataFolder(path);
  expect(readFileSync(lock, 'utf8')).toBe(own);
});

test('a folder that cannot be made for a reason Node does not tell is explained', () => {
  const link = join(newFolder(), 'link');
  symlinkSync('/nowhere/else', link);
  expect(() => takeDataFolder(link)).toThrow(/read-only, or a link leads nowhere\); .* --data/);
});
