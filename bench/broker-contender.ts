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
  service('api', 'api'),
  service('worker', 'worker-openai-compatible'),
  service('scheduler', 'scheduler'),
];

function service(name: string, folder: string): { name: string; main: URL } {
  return { name, main: new URL(`../services/${folder}/src/main.ts`, import.meta.url) };
}

export interface BrokerSetting extends ContenderSetting {
  /** Runs batches too. */
  withBatches?: true;
  /** Asks a provider first that answers every third call with 429. */
  limitedFirst?: true;
  /** Beside what every broker here is given. */
  environment?: Readonly<Record<string, string>>;
}

/** The services' files that are not there; empty when the broker can be started. */
export function missingServices(): string[] {
  return SERVICES.map(({ main }) => main.pathname).filter((path) => !existsSync(path));
}

/** The broker's real services, one process each, with one provider and one route. */
export async function startBroker(
  setting: BrokerSetting,
  clientConnections: number,
): Promise<Contender & { origin: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'understudy-bench-'));
  const configurationPath = join(directory, 'understudy.yaml');
  await writeFile(configurationPath, configuration(setting));
  const port = await freePort();
  const environment = {
    REDIS_URL: setting.redisUrl,
    UNDERSTUDY_CONFIG: configurationPath,
    UNDERSTUDY_API_KEY: API_KEY,
    UNDERSTUDY_KEY_PREFIX: 'bench',
    HOST: '127.0.0.1',
    UNDERSTUDY_FILES_PATH: join(directory, 'files'),
    LOG_LEVEL: 'warn',
    ...setting.environment,
  };
  const services =
    setting.withBatches === true
      ? [...SERVICES, service('batch-runner', 'batch-runner')]
      : SERVICES;
  const processes = services.map(({ name, main }) =>
    // Only the API listens at the port that the client knows.
    startNode(name, main, { ...environment, PORT: name === 'api' ? String(port) : '0' }),
  );
  const origin = `http://127.0.0.1:${port}`;
  const client = createJobClient(origin, clientConnections);
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
  return { name: 'broker', origin, processes, client, stop };
}

function configuration({ upstream, limitedFirst }: BrokerSetting): string {
  const targets = [...(limitedFirst === true ? ['limited'] : []), 'bench-upstream'];
  return `autoRoutes: false
providers:
${provider('bench-upstream', upstream.baseUrl)}${provider('limited', upstream.limitedBaseUrl)}routes:
  ${MODEL}:
    targets: [${targets.map((name) => `{ provider: ${name} }`).join(', ')}]
`;
}

function provider(name: string, baseUrl: string): string {
  return `  ${name}:
    kind: openai-compatible
    baseUrl: ${baseUrl}
    apiKey: bench
    concurrency: ${CONCURRENCY}
    passthrough: true
`;
}
