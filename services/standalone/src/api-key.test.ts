import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createApiKey } from '@understudy/contracts';
import { readOrCreateApiKey } from './api-key.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'understudy-key-'));

test('the first start makes a key that only its owner reads, and the next keeps it', () => {
  const folder = newFolder();
  const key = readOrCreateApiKey(folder, undefined);
  expect(statSync(join(folder, 'api-key')).mode & 0o777).toBe(0o600);
  expect(readOrCreateApiKey(folder, '')).toBe(key);
  expect(readFileSync(join(folder, 'api-key'), 'utf8')).toBe(`${key}\n`);
});

test('a key from the environment wins, and one that is too short is refused without showing it', () => {
  const folder = newFolder();
  expect(readOrCreateApiKey(folder, 'sixteen-letters!')).toBe('sixteen-letters!');
  expect(() => readOrCreateApiKey(folder, 'fifteen-letters')).toThrow(
    /^UNDERSTUDY_API_KEY has 15 characters; give at least 16/,
  );
  expect(() => readOrCreateApiKey(folder, createApiKey().slice(0, -1))).toThrow(
    /^UNDERSTUDY_API_KEY begins with us_ but its checksum is wrong/,
  );
});

test('a damaged key file is named with the remedy', () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'api-key'), createApiKey().slice(0, -1));
  expect(() => readOrCreateApiKey(folder, undefined)).toThrow(
    /api-key holds no intact key; delete/,
  );
});
