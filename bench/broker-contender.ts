import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startNode } from './child-process.ts';
import {
  API_KEY,
  CONCURRENCY,
  createJobClient,
  firstJobDone,
  MODEL,
  stopAll,
  type Contender,
  type ContenderSetting,
} from './contender.ts';

const SERVICES = [
  { name: 'api', folder: 'api' },
  { name: 'worker', folder: 'worker-openai-compatible' },
  { name: 'scheduler', folder: 'scheduler' },
].map(({ name, folder }) => ({
  name,
  main: new URL(`../services/${folder}/src/main.ts`, import.meta.url),
}));

/** The services' files that are not there; empty when the broker can be started. */
export function missingServices(): string[] {
  return SERVICES.map(({ main }) => main.pathname).filter((path) => !existsSync(path));
}

/** The broker's real services, one process each, with one provider and one route. */
export async function startBroker(
  setting: ContenderSetting,
  clientConnections: number,
): Promise<Contender> {
  const directory = await mkdtemp(join(tmpdir(), 'understudy-bench-'));
  const configurationPath = join(directory, 'understudy.yaml');
  await writeFile(configurationPath, configuration(setting.upstream.baseUrl));
  const port = await freePort();
  const environment = {
    REDIS_URL: setting.redisUrl,
    UNDERSTUDY_CONFIG: configurationPath,
    UNDERSTUDY_API_KEY: API_KEY,
    UNDERSTUDY_KEY_PREFIX: 'bench',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
  };
  const processes = SERVICES.map(({ name, main }) =>
    // Only the API listens at the port that the client knows.
    startNode(name, main, { ...environment, PORT: name === 'api' ? String(port) : '0' }),
  );
  const client = createJobClient(`http://127.0.0.1:${port}`, clientConnections);
  const stop = async () => {
    await client.close();
    await stopAll(processes);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await firstJobDone('broker', client);
  } catch (error) {
    await stop();
    throw error;
  }
  return { name: 'broker', processes, client, stop };
}

function configuration(upstreamBaseUrl: string): string {
  return `autoRoutes: false
providers:
  bench-upstream:
    kind: openai-compatible
    baseUrl: ${upstreamBaseUrl}
    apiKey: bench
    concurrency: ${CONCURRENCY}
    passthrough: true
routes:
  ${MODEL}:
    targets: [{ provider: bench-upstream }]
`;
}
