import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readEncryptionKeys } from './encryption-environment.ts';

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'keys');
  writeFileSync(path, text);
  return path;
}

const idsOf = (environment: Record<string, string>): string[] =>
  readEncryptionKeys(environment).map(({ id }) => id);

test('encryption keys come from a variable, or from a file with one on each line', () => {
  const keys = [key('k2'), key('k1')];
  expect(idsOf({ UNDERSTUDY_ENCRYPTION_KEYS: keys.join(',') })).toEqual(['k2', 'k1']);
  const path = fileOf(`${keys.join('\n')}\n`);
  expect(idsOf({ UNDERSTUDY_ENCRYPTION_KEYS_FILE: path })).toEqual(['k2', 'k1']);
  expect(idsOf({})).toEqual([]);
  expect(idsOf({ UNDERSTUDY_ENCRYPTION_KEYS: '' })).toEqual([]);
});

test('keys that are named and not there end the start instead of turning encryption off', () => {
  const path = fileOf('\n');
  expect(() => idsOf({ UNDERSTUDY_ENCRYPTION_KEYS_FILE: path })).toThrow(
    'environment variable UNDERSTUDY_ENCRYPTION_KEYS_FILE: holds no key',
  );
  expect(() => idsOf({ UNDERSTUDY_ENCRYPTION_KEYS_FILE: `${path}-missing` })).toThrow(/ENOENT/);
  expect(() => idsOf({ UNDERSTUDY_ENCRYPTION_KEYS: ',' })).toThrow(/holds no key/);
  expect(() =>
    idsOf({ UNDERSTUDY_ENCRYPTION_KEYS: key('k1'), UNDERSTUDY_ENCRYPTION_KEYS_FILE: path }),
  ).toThrow('set UNDERSTUDY_ENCRYPTION_KEYS or UNDERSTUDY_ENCRYPTION_KEYS_FILE, not both');
});

/** Why keys cannot be used. */
function refused(text: string): string {
  try {
    readEncryptionKeys({ UNDERSTUDY_ENCRYPTION_KEYS: text });
  } catch (error) {
    return String(error);
  }
  return 'taken';
}

test('a key that cannot be used is named without its bytes', () => {
  const short = randomBytes(16).toString('base64');
  expect(refused(`k1:${short}`)).toMatch(/the key "k1" must be the base64 of 32 random bytes/);
  expect(refused(`k1:${short}`)).not.toContain(short);
  expect(refused(short)).toMatch(/key 1 must read "id:"/);
  expect(refused(`a key:${short}`)).not.toContain(short);
  expect(refused(`${'k'.repeat(17)}:${short}`)).toMatch(/1 to 16 letters/);
  expect(refused([key('k1'), key('k1')].join(','))).toMatch(/two keys have the id "k1"/);
});
