import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureChromium } from './install-chromium.ts';

function folderWith(...programs: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-programs-'));
  for (const program of programs) {
    writeFileSync(join(folder, program), '#!/bin/sh\nexit 1\n');
    chmodSync(join(folder, program), 0o755);
  }
  return folder;
}

test('a browser that is there is taken, under any of its names', () => {
  const searchPath = folderWith('google-chrome');
  const said: string[] = [];
  const found = ensureChromium({ searchPath, isRoot: true, say: (line) => said.push(line) });
  expect(found).toBe(join(searchPath, 'google-chrome'));
  expect(said).toEqual([]);
});

test.each([
  ['nobody who may install', folderWith('apt-get'), false],
  ['no apt-get', folderWith(), true],
])('with %s it is said what to install', (_reason, searchPath, isRoot) => {
  expect(() => ensureChromium({ searchPath, isRoot, say: () => undefined })).toThrow(
    /no Chromium on the PATH.*UNDERSTUDY_CHROMIUM/,
  );
});
