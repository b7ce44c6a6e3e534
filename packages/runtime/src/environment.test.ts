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

test('every wrong variable is named at once', () => {
  const wrong = { LOG_LEVEL: 'loud', UNDERSTUDY_KEY_PREFIX: 'a:{b}' };
  expect(() => readServiceEnvironment(wrong)).toThrow(
    /LOG_LEVEL[^]*UNDERSTUDY_KEY_PREFIX|UNDERSTUDY_KEY_PREFIX[^]*LOG_LEVEL/,
  );
});
