import type { TestProject } from 'vitest/node';
import { startContainerRedis } from './container-redis.ts';
import { startLocalCluster } from './local-cluster.ts';
import { startLocalRedis, waitForAnswer, type RunningRedis } from './local-redis.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string;
  }
}

const DEFAULT_IMAGE = 'redis:7';

/**
 * One Redis for a whole test run: `REDIS_URL`, else a container, else the local one that `npm start` would take.
 * UNDERSTUDY_TEST_REDIS=container insists on the container; `cluster` takes three local masters
 * instead of any of these, `server` one local server. Says which it took.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redis = await startRedis();
  process.stdout.write(`Redis for the tests: ${redis.description}\n`);
  process.env['UNDERSTUDY_TEST_REDIS_URL'] = redis.url;
  project.provide('redisUrl', redis.url);
  return () => redis.stop();
}

async function startRedis(): Promise<RunningRedis> {
  const wanted = process.env['UNDERSTUDY_TEST_REDIS'];
  if (wanted === 'cluster') return startLocalCluster();
  if (wanted === 'server') return startLocalRedis();
  const given = process.env['REDIS_URL'];
  if (given !== undefined && given !== '') {
    await waitForAnswer(given);
    return { url: given, description: 'the one at REDIS_URL', stop: () => Promise.resolve() };
  }
  const image = process.env['UNDERSTUDY_TEST_REDIS_IMAGE'] ?? DEFAULT_IMAGE;
  const container = await startContainerRedis(image);
  if (typeof container !== 'string') return container;
  if (wanted === 'container') {
    throw new Error(`the tests were to run against a Redis in a container, but ${container}`);
  }
  const local = await startLocalRedis();
  return { ...local, description: `${local.description} (${container})` };
}
