import { mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
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

test('what is in the way of a folder is named, with the remedy', () => {
  const path = newFolder();
  const file = join(path, 'file');
  const link = join(path, 'link');
  writeFileSync(file, '');
  symlinkSync('/nowhere/else', link);
  for (const [wanted, reason] of [
    [file, `${file} is no folder, or a link that leads nowhere`],
    [join(file, 'below'), `${file} is no folder, or a link that leads nowhere`],
    [join(link, 'below'), `${link} is no folder, or a link that leads nowhere`],
  ] as const) {
    expect(() => takeDataFolder(wanted)).toThrow(
      `the data folder ${wanted} cannot be used: ${reason}; choose another with --data.`,
    );
  }
});

test.runIf(process.platform === 'linux')(
  'a folder that the system lets nobody make is refused at once',
  () => {
    expect(() => takeDataFolder('/proc/x')).toThrow('the system lets nobody make /proc/x; choose');
  },
);

test('a folder with spaces, below others that are missing, is made for its owner alone', () => {
  const path = join(newFolder(), 'a b', 'c d');
  takeDataFolder(path).release();
  expect(statSync(join(path, 'redis')).mode & 0o777).toBe(0o700);
});
