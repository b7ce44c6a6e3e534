import { writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
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
import { seedBroker } from './seed-broker.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const KEY_PREFIX = 'bench';
/** Calls are held while a million jobs are put into the queue behind them. */
const CALL_TIMEOUT_SECONDS = 10_800;
const SERVICES = [
  service('api', 'api'),
  service('worker', 'worker-openai-compatible'),
  service('scheduler', 'scheduler'),
];

export function service(name: string, folder: string): { name: string; main: URL } {
  return { name, main: new URL(`../services/${folder}/src/main.ts`, import.meta.url) };
}

export interface BrokerSetting extends ContenderSetting {
  /** Runs batches too. */
  withBatches?: true;
  /** By name, their base URLs; the upstream as `bench-upstream` unless told. */
  providers?: Readonly<Record<string, string>>;
  /** By name, their providers in order; `bench`, which leads to the first one, unless told. */
  routes?: Readonly<Record<string, readonly string[]>>;
  /** Calls at a time to each provider. */
  concurrency?: number;
  /** Beside what every broker here is given. */
  environment?: Readonly<Record<string, string>>;
}

export interface BrokerContender extends Contender {
  /** Where each of its processes serves what it measures. */
  metricsOrigins: readonly string[];
}

/** The services' files that are not there; empty when the broker can be started. */
export function missingServices(): string[] {
  return SERVICES.map(({ main }) => main.pathname).filter((path) => !existsSync(path));
}

/** What services are started with, and where it is kept; `remove` takes it away again. */
export async function prepareBroker(setting: BrokerSetting): Promise<{
  environment: Record<string, string>;
  configurationPath: string;
  remove(): Promise<void>;
}> {
  const { path: directory, remove } = await temporaryFolder();
  const configurationPath = join(directory, 'understudy.yaml');
  await writeFile(configurationPath, configuration(setting));
  return {
    configurationPath,
    environment: {
      REDIS_URL: setting.redisUrl,
      UNDERSTUDY_CONFIG: configurationPath,
      UNDERSTUDY_API_KEY: API_KEY,
      UNDERSTUDY_KEY_PREFIX: KEY_PREFIX,
      HOST: '127.0.0.1',
      UNDERSTUDY_FILES_PATH: join(directory, 'files'),
      LOG_LEVEL: 'warn',
      ...setting.environment,
    },
    remove,
  };
}

/** The broker's real services, one process each. */
export async function startBroker(
  setting: BrokerSetting,
  clientConnections: number,
): Promise<BrokerContender> {
  const { environment, configurationPath, remove } = await prepareBroker(setting);
  const services =
    setting.withBatches === true
      ? [...SERVICES, service('batch-runner', 'batch-runner')]
      : SERVICES;
  const placed = await Promise.all(
    services.map(async (one) => ({ ...one, port: String(await freePort()) })),
  );
  const processes = placed.map(({ name, main, port }) =>
    startNode(
      name,
      main,
      { ...environment, ...(name === 'api' ? { PORT: port } : { UNDERSTUDY_METRICS_PORT: port }) },
      { profiled: setting.profile === true },
    ),
  );
  const metricsOrigins = placed.map(({ port }) => `http://127.0.0.1:${port}`);
  // The API is the first, and serves its own beside everything else.
  const [origin = ''] = metricsOrigins;
  const client = createJobClient(origin, clientConnections);
  const keyPrefix = environment['UNDERSTUDY_KEY_PREFIX'] ?? KEY_PREFIX;
  const { redisUrl } = setting;
  const stop = async () => {
    await client.close();
    await stopAll(processes);
    await remove();
  };
  try {
    await firstJobDone('broker', client);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: 'broker',
    origin,
    metricsOrigins,
    processes,
    client,
    seed: (jobs, options) => seedBroker({ redisUrl, keyPrefix, configurationPath }, jobs, options),
    stop,
  };
}

function configuration({ upstream, ...setting }: BrokerSetting): string {
  const { concurrency = CONCURRENCY } = setting;
  const { providers = { 'bench-upstream': upstream.baseUrl } } = setting;
  const { routes = { [MODEL]: Object.keys(providers).slice(0, 1) } } = setting;
  const blocks = Object.entries(providers).map(([name, baseUrl]) =>
    provider(name, baseUrl, concurrency),
  );
  const lines = Object.entries(routes).map(([name, targets]) => {
    const list = targets.map((target) => `{ provider: ${target} }`).join(', ');
    return `  ${name}: { targets: [${list}] }\n`;
  });
  return `autoRoutes: false\nproviders:\n${blocks.join('')}routes:\n${lines.join('')}`;
}

function provider(name: string, baseUrl: string, concurrency: number): string {
  return `  ${name}:
    kind: openai-compatible
    baseUrl: ${baseUrl}
    apiKey: bench
    concurrency: ${concurrency}
    timeout: ${CALL_TIMEOUT_SECONDS}s
    passthrough: true
`;
}
