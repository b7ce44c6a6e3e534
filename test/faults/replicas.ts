import { findFreePort } from '../support/free-port.ts';
import { until } from './until.ts';
import { startService, type ServiceProcess } from '../support/service-process.ts';
import type { Broker } from '../support/start-broker.ts';

/** Starts further processes of a running broker's services, with an environment of their own. */
export interface Replicas extends AsyncDisposable {
  /** @param folder of the services; of this release unless told */
  start(
    name: string,
    environment?: Readonly<Record<string, string>>,
    folder?: string,
  ): Promise<ServiceProcess>;
  /** One more API, on a port of its own unless told; resolves when it is ready. */
  startApi(
    environment?: Readonly<Record<string, string>>,
    folder?: string,
  ): Promise<{ url: string; service: ServiceProcess }>;
}

export function createReplicas(broker: Broker, redisUrl: string): Replicas {
  const started: ServiceProcess[] = [];
  const base = {
    REDIS_URL: redisUrl,
    UNDERSTUDY_CONFIG: broker.configurationPath,
    UNDERSTUDY_API_KEY: broker.apiKey,
    UNDERSTUDY_KEY_PREFIX: broker.keyPrefix,
    HOST: '127.0.0.1',
  };
  const start: Replicas['start'] = async (name, environment = {}, folder) => {
    const service = await startService(name, { ...base, ...environment }, folder);
    started.push(service);
    return service;
  };
  return {
    start,
    startApi: async (environment = {}, folder) => {
      const port = environment['PORT'] ?? String(await findFreePort());
      const service = await start('api', { ...environment, PORT: port }, folder);
      const url = `http://127.0.0.1:${port}`;
      await untilReady(url);
      return { url, service };
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(started.map((service) => service.stop()));
    },
  };
}

const READY_WITHIN_MS = 90_000;

async function untilReady(url: string): Promise<void> {
  await until('ready API', READY_WITHIN_MS, () =>
    fetch(`${url}/readyz`).then(
      ({ status }) => (status === 200 ? true : undefined),
      () => undefined,
    ),
  );
}
