import { expect, test } from 'vitest';
import { createReadiness } from './readiness.ts';

/** What is missing while Redis is there or away, and does not know the key as far as is known. */
async function missing(answers: boolean): Promise<string[]> {
  const readiness = createReadiness({
    pingRedis: () => (answers ? Promise.resolve('PONG') : Promise.reject(new Error('away'))),
    isLoaded: () => true,
    isKeyRegistered: () => false,
    providers: () => [],
    isAlive: () => true,
    isKnown: () => true,
  });
  return (await readiness.check()).missing;
}

test('that the key is not registered is told only where Redis could know it', async () => {
  expect(await missing(true)).toEqual(['the API key is not registered yet']);
  expect(await missing(false)).toEqual(['Redis does not answer']);
});
