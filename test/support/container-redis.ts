import { setTimeout as sleep } from 'node:timers/promises';
import { GenericContainer, getContainerRuntimeClient, ImageName, Wait } from 'testcontainers';
import { REDIS_ARGUMENTS, type RunningRedis } from './local-redis.ts';

const PULL_TIMEOUT_MS = 20_000;
const REDIS_PORT = 6379;

/**
 * A Redis in a container.
 * @returns why not, where no Docker engine answers or the image is neither there nor pulled in 20 s
 */
export async function startContainerRedis(image: string): Promise<RunningRedis | string> {
  const engine = await findEngine();
  if (engine === undefined) return 'no Docker engine answers';
  const imageName = ImageName.fromString(image);
  if (!(await engine.image.exists(imageName))) {
    const problem = await pull(engine, imageName);
    if (problem !== undefined) return `the image ${image} is not there and ${problem}`;
  }
  const container = await new GenericContainer(image)
    .withExposedPorts(REDIS_PORT)
    .withCommand(['redis-server', ...REDIS_ARGUMENTS, '--protected-mode', 'no'])
    .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
    .start();
  return {
    url: `redis://${container.getHost()}:${container.getMappedPort(REDIS_PORT)}`,
    description: `a container of ${image}`,
    stop: async () => {
      await container.stop();
    },
  };
}

type Engine = Awaited<ReturnType<typeof getContainerRuntimeClient>>;

async function findEngine(): Promise<Engine | undefined> {
  try {
    return await getContainerRuntimeClient();
  } catch {
    return undefined;
  }
}

async function pull(engine: Engine, image: ImageName): Promise<string | undefined> {
  const timeout = new AbortController();
  try {
    return await Promise.race([
      engine.image.pull(image).then(() => undefined),
      sleep(PULL_TIMEOUT_MS, `was not pulled within ${PULL_TIMEOUT_MS / 1000} s`, {
        signal: timeout.signal,
      }),
    ]);
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    return `cannot be pulled (${reason})`;
  } finally {
    timeout.abort();
  }
}
