import { createLogger } from '@understudy/runtime';
import { expect, test } from 'vitest';
import { registerKey } from './environment-key.ts';
import { startTestApi } from './testing/start-test-api.ts';

test('a key that Redis was too slow to take is registered at the next try', async () => {
  const { parts, dispatch } = await startTestApi();
  let tries = 0;
  const slowAtFirst: typeof parts.keys = {
    ...parts.keys,
    registerEnvironmentKey: (key) => {
      tries += 1;
      return tries === 1
        ? Promise.reject(new Error('Command timed out'))
        : parts.keys.registerEnvironmentKey(key);
    },
  };
  const logger = createLogger('api-test', 'silent');
  const key = await registerKey(dispatch.redis, slowAtFirst, 'another-key-for-tests', logger);
  await expect.poll(() => key.isRegistered(), { timeout: 4000 }).toBe(true);
  expect(await parts.keys.find('another-key-for-tests')).toMatchObject({ project: 'default' });
});
