import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { readServiceEnvironment } from './environment.ts';

test('an empty environment has defaults for everything but the configuration', () => {
  expect(readServiceEnvironment({})).toEqual({
    redisUrl: 'redis://127.0.0.1:6379',
    configPath: undefined,
    keyPrefix: 'understudy',
    logLevel: 'info',
    sealer: expect.objectContaining({ encrypts: false }),
  });
});

test('what a line of .env leaves empty is not set', () => {
  const empty = {
    REDIS_URL: '',
    UNDERSTUDY_CONFIG: '',
    UNDERSTUDY_KEY_PREFIX: '',
    UNDERSTUDY_ENCRYPTION_REQUIRED: '',
    LOG_LEVEL: '',
  };
  const { sealer, ...defaults } = readServiceEnvironment({});
  expect(readServiceEnvironment(empty)).toMatchObject(defaults);
  expect(sealer.encrypts).toBe(false);
});

test('every wrong variable is named at once', () => {
  const wrong = { LOG_LEVEL: 'loud', UNDERSTUDY_KEY_PREFIX: 'a:{b}' };
  expect(() => readServiceEnvironment(wrong)).toThrow(
    /LOG_LEVEL[^]*UNDERSTUDY_KEY_PREFIX|UNDERSTUDY_KEY_PREFIX[^]*LOG_LEVEL/,
  );
});

test('seals are required where the environment says so, and then a key is needed', () => {
  const required = { UNDERSTUDY_ENCRYPTION_REQUIRED: 'true' };
  expect(() => readServiceEnvironment(required)).toThrow(
    /UNDERSTUDY_ENCRYPTION_REQUIRED: there is/,
  );
  const keys = `k1:${randomBytes(32).toString('base64')}`;
  const { sealer } = readServiceEnvironment({ ...required, UNDERSTUDY_ENCRYPTION_KEYS: keys });
  expect(sealer).toMatchObject({ encrypts: true, required: true });
  expect(() => readServiceEnvironment({ UNDERSTUDY_ENCRYPTION_REQUIRED: 'yes' })).toThrow(
    /UNDERSTUDY_ENCRYPTION_REQUIRED/,
  );
});
